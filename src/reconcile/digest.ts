import { loadPolicy } from "../github/collect/policy.ts";
import type { JobResult } from "../jobs/queue.ts";
import { planDigest } from "../plan/digest.ts";
import { type DigestWeek, digestWeek } from "../policy/digest.ts";
import type { Digest } from "../render/digest.ts";
import { gatherReport } from "../report/gather.ts";
import type { Report } from "../report/report.ts";
import { type Summary, summarize } from "../report/summary.ts";
import { carryOut } from "./carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "./context.ts";
import { NO_RETRY } from "./retry.ts";

const DAY_MS = 24 * 3_600_000;
/** Post-mortems of hotfixes that are older are not looked at. */
const WINDOW_MS = 90 * DAY_MS;

/**
 * Posts the digest of the week that ended last, where the configuration wants one and it is not posted yet.
 */
export async function reconcileDigest(context: ReconcileContext, place: Place): Promise<JobResult> {
  const { client, repo } = place;
  const reading = await loadPolicy(client, repo);
  if (reading.state !== "valid" || reading.policy.mode !== "enforce" || reading.policy.digest.to === null)
    return {};
  const now = client.serverTime();
  const week = digestWeek(now, reading.policy.digest.on);
  const told = `digest ${keyOf(place).repositoryId} ${week.id}`;
  if (context.memory.told.has(told)) return {};
  const scope = { kind: "repository", repo, defaultBranch: "" } as const;
  const report = await gatherReport(client, scope, {
    since: new Date(now.getTime() - WINDOW_MS),
    until: now,
  });
  // The next day's look takes it up.
  if (!report.known) return {};
  const plan = planDigest(digestOf(report.value, week), reading.policy, told);
  return (await carryOut(context, place, plan, NO_RETRY)).result;
}

/** `null`: neither week had a hotfix, and nothing is overdue. */
function digestOf({ about, hotfixes }: Report, { id, since, until }: DigestWeek): Digest | null {
  const within = (from: number, to: number) =>
    summarize(hotfixes.filter(({ landedAt: at }) => Date.parse(at) >= from && Date.parse(at) < to));
  const current = within(since.getTime(), until.getTime());
  const previous = within(since.getTime() - 7 * DAY_MS, since.getTime());
  const postMortems = hotfixes
    .filter(({ overdue }) => overdue)
    .map(({ title, postMortem: { url } }) => ({ title, url }));
  const items = hotfixes.flatMap(({ actionItems, postMortem: { url } }) =>
    actionItems.filter(({ overdue }) => overdue).map(({ text, due }) => ({ text, due: due ?? "", url })),
  );
  if (current.hotfixes + previous.hotfixes + postMortems.length + items.length === 0) return null;
  const against = (name: string, of: (summary: Summary) => number, each = "") =>
    `${name}: ${of(current)}${each === "" ? "" : ` (${each})`}, was ${of(previous)} the week before`;
  const severities = Object.entries(current.severities).filter(([, n]) => n > 0);
  const each = severities.map(([name, n]) => `${n} ${name}`).join(", ");
  return {
    about,
    week: id,
    lines: [
      against("Hotfixes", ({ hotfixes }) => hotfixes, each),
      against("Bypassed the gate", ({ bypasses }) => bypasses),
      against("Rolled back", ({ rollbacks }) => rollbacks),
      against("Overrides", ({ overrides }) => overrides),
    ],
    postMortems,
    items,
  };
}
