import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { describe, type ExpectStatic, it } from "vitest";
import {
  DEPLOYMENT_MESSAGE,
  gateOf,
  JANE,
  JOHN,
  REPO,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  startScenario,
} from "../support.ts";
import { called, startSlack } from "./calls.ts";
import { costOf } from "./costs.ts";

/**
 * What people without any role and write access do, at random, beside an honest hotfix (issue 8, "The
 * proof"): it is green exactly when it would be without them, nobody is called by them, and requests stay
 * under what docs/security.md says. `HOTFIX_HISTORIES` sets how many.
 */

const HISTORIES = Number(process.env.HOTFIX_HISTORIES ?? 100);
/**
 * `STRANGERS_SEED`: the histories of an earlier run again, all of them, since one may fail of what another
 * left.
 */
const SEED = process.env.STRANGERS_SEED === undefined ? {} : { seed: Number(process.env.STRANGERS_SEED) };
/** A long run says how far it is, and ends when it is done: a busy machine is no fault. */
const IS_SOAK = HISTORIES > 100;
const TELL_EACH = 25;
/** Each has a server and a sandbox of its own. */
const WORLDS = 4;
const STRANGERS = ["mallory", "eve"] as const;
/** What comes at the same moment is looked at together or one after the other: an evaluation more or less. */
const SLACK = 20;

const BODIES = [
  "/hotfix override scope because",
  "/hotfix override approval because",
  "/hotfix recheck",
  "/hotfix help",
  "/hotfix rollback",
  "/hotfix verified",
  "/hotfix hlep @kamiyo/engineering-managers",
  "@kamiyo/engineering-managers @jane-doe approve this",
  "<!-- hotfix-guard:status -->\nApproved by jane-doe",
  `${"> - 1. ".repeat(500)}\n\n/hotfix recheck`,
] as const;
const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hotfix: { [STRIPE]: STRIPE_FIXED },
  configuration: { ".github/hotfix.yml": 'version: 1\nmode: off\nextends: "vault"\n' },
  garbage: { ".github/hotfix.yml": `branches: { hotfix: ["${"a{1000}".repeat(50)}"] }\n` },
  page: { "README.md": "# Mine\n" },
};

type Act =
  | { readonly kind: "open"; readonly what: keyof typeof FILES | "copy"; readonly title: string }
  | { readonly kind: "comment"; readonly honest: boolean; readonly body: string }
  | { readonly kind: "review"; readonly honest: boolean; readonly state: "APPROVED" | "CHANGES_REQUESTED" }
  | { readonly kind: "label"; readonly honest: boolean; readonly label: string }
  | { readonly kind: "close" | "reopen" | "push" | "retitle" }
  | { readonly kind: "issue" | "close-issue" | "reopen-issue" | "edit-issue" };
type Step = Act & { readonly who: (typeof STRANGERS)[number] };

const anyOf = fc.constantFrom;
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant("open" as const),
    what: anyOf("hotfix", "configuration", "garbage", "page", "copy"),
    title: anyOf("HOTFIX: Fix it", "Readme", "Revert “HOTFIX: Fix it”"),
  }),
  fc.record({ kind: fc.constant("comment" as const), honest: fc.boolean(), body: anyOf(...BODIES) }),
  fc.record({
    kind: fc.constant("review" as const),
    honest: fc.boolean(),
    state: anyOf("APPROVED" as const, "CHANGES_REQUESTED" as const),
  }),
  fc.record({
    kind: fc.constant("label" as const),
    honest: fc.boolean(),
    label: anyOf("hotfix", "severity:P0", "approved:engineering-manager"),
  }),
  fc.record({ kind: anyOf("close" as const, "reopen" as const, "push" as const, "retitle" as const) }),
  fc.record({
    kind: anyOf("issue" as const, "close-issue" as const, "reopen-issue" as const, "edit-issue" as const),
  }),
);
const steps = fc.array(
  fc.tuple(anyOf(...STRANGERS), act).map(([who, one]): Step => ({ ...one, who })),
  { maxLength: 3 },
);
/** What they do before the hotfix opens, while it waits, with its approval, and after it. */
interface History {
  readonly before: readonly Step[];
  readonly waiting: readonly Step[];
  readonly approved: readonly Step[];
  readonly after: readonly Step[];
}
const history: fc.Arbitrary<History> = fc.record({
  before: steps,
  waiting: steps,
  approved: steps,
  after: steps,
});

interface World {
  readonly s: Scenario;
  readonly slack: Awaited<ReturnType<typeof startSlack>>;
  readonly forks: Readonly<Record<string, string>>;
  /** By stranger: the pull requests and issues that they opened last. */
  readonly pulls: Map<string, number>;
  readonly issues: Map<string, number>;
  readonly opened: [number: number, who: string][];
  /** By stranger and what it was on: their acts since the hotfix before. */
  readonly acts: Map<string, number>;
  count: number;
}

async function createWorld(): Promise<World> {
  const slack = await startSlack();
  const s = await startScenario({ throttle: false, env: { HOTFIX_SLACK_WEBHOOK_URL: slack.url } });
  const forks: Record<string, string> = {};
  for (const who of STRANGERS) {
    s.sandbox.createUser(who);
    forks[who] = await s.sandbox.createFork(REPO, who);
  }
  return { s, slack, forks, pulls: new Map(), issues: new Map(), opened: [], acts: new Map(), count: 0 };
}

const ISSUE = "an issue opened, closed, reopened or deleted";
const OWN = "a pull request retitled, closed or reopened";
/** In the words of docs/security.md. GitHub refuses their labels. */
const ACTS = {
  comment: "a `/hotfix` command",
  review: "a review",
  label: "a comment without a command",
  close: OWN,
  reopen: OWN,
  retitle: OWN,
  "close-issue": ISSUE,
  "reopen-issue": ISSUE,
  "edit-issue": "an issue edited",
} as const;

/** Carries the step out; what GitHub refuses changes nothing. Returns what it may cost. */
async function take(world: World, step: Step, honest: number | null): Promise<number> {
  const { s, pulls, issues } = world;
  const { who } = step;
  const person = s.sandbox.as(who);
  const own = pulls.get(who);
  const issue = issues.get(who);
  const refused = () => undefined;
  if (step.kind === "open") {
    const branch = `hotfix/${who}-${world.count++}`;
    await pushTo(world, who, branch, step.what, honest);
    const pull = { head: `${who}:${branch}`, title: step.title };
    const number = (await person.openPullRequest(REPO, pull).catch(refused))?.number;
    if (number === undefined) return 0;
    pulls.set(who, number);
    world.opened.push([number, who]);
    count(world, who, number);
    const copied = step.what === "copy" && honest !== null;
    return costOf(copied ? "a pull request opened with the commit of a hotfix" : "a pull request opened");
  }
  if (step.kind === "issue") {
    const { number } = await person.createIssue(REPO, { title: "Help @jane-doe", body: "#1" });
    issues.set(who, number);
    count(world, who, number);
    return costOf(ISSUE);
  }
  if (step.kind === "push") {
    const head = own === undefined ? undefined : (await s.sandbox.pullRequest(REPO, own)).head.ref;
    if (own === undefined || head === undefined) return 0;
    count(world, who, own);
    await pushTo(world, who, head, "page", honest).catch(refused);
    return costOf("a push to a fork");
  }
  const target = "honest" in step && step.honest ? honest : (own ?? null);
  const on = step.kind.endsWith("-issue") ? issue : target;
  if (on) count(world, who, on);
  if (step.kind === "close-issue" && issue) await person.closeIssue(REPO, issue).catch(refused);
  else if (step.kind === "reopen-issue" && issue) await person.reopenIssue(REPO, issue).catch(refused);
  else if (step.kind === "edit-issue" && issue)
    await person.editIssue(REPO, issue, { title: "x" }).catch(refused);
  else if (target === null) return 0;
  else if (step.kind === "comment") await person.comment(REPO, target, step.body).catch(refused);
  else if (step.kind === "review") await person.review(REPO, target, step.state).catch(refused);
  else if (step.kind === "label") await person.addLabel(REPO, target, step.label).catch(refused);
  else if (step.kind === "retitle")
    await person.editPullRequest(REPO, target, { title: "HOTFIX: Other" }).catch(refused);
  else if (step.kind === "close" || step.kind === "reopen")
    await person
      .editPullRequest(REPO, target, { state: step.kind === "close" ? "closed" : "open" })
      .catch(refused);
  return costOf(ACTS[step.kind]);
}

function count({ acts }: World, who: string, on: number): void {
  const key = `${who} ${on}`;
  acts.set(key, (acts.get(key) ?? 0) + 1);
}

/**
 * Until all that was held of the strangers' acts (`webhooks/pace.ts`) is passed on and done: else it costs
 * its requests in the next hotfix's life, where nobody has allowed for it.
 */
async function untilPassedOn({ s, acts }: World): Promise<void> {
  const seconds = [...acts.values()].map((acted) => (acted <= 5 ? 0 : Math.min(60, 2 ** (acted - 5))));
  acts.clear();
  const longest = Math.max(0, ...seconds);
  if (longest > 0) await pause(longest * 1_000 + 500);
  await s.idle();
}

/** `copy` is the honest hotfix's own commit. */
async function pushTo(
  { s, forks }: World,
  who: string,
  branch: string,
  what: string,
  honest: number | null,
): Promise<void> {
  const git = s.sandbox.git(forks[who] as string);
  if (what === "copy" && honest !== null) {
    await git.push(who, branch, (await s.sandbox.pullRequest(REPO, honest)).head.sha, { force: true });
    return;
  }
  const parents = [s.sandbox.git(REPO).head("main") as string];
  const files = FILES[what] ?? { "docs/mine.md": `# ${branch}\n` };
  const sha = await git.commit(branch, {
    message: `${DEPLOYMENT_MESSAGE}, ${branch}`,
    files,
    author: s.sandbox.person(who),
    parents,
  });
  await git.push(who, branch, sha, { force: true });
}

interface Outcome {
  readonly conclusions: readonly (string | undefined)[];
  readonly calls: readonly string[];
  readonly calledByThem: readonly string[];
  readonly requests: number;
}

/** The honest hotfix's life with all that strangers do; `allowed` is what their acts may cost. */
async function live(world: World, told: History): Promise<Outcome & { readonly allowed: number }> {
  const { s } = world;
  await s.idle();
  s.sandbox.resetRequests();
  let allowed = 0;
  let number: number | null = null;
  const conclusions: (string | undefined)[] = [];
  const doAll = async (list: readonly Step[]) => {
    for (const step of list) allowed += await take(world, step, number);
  };
  const look = async () => {
    await s.idle();
    conclusions.push((await gateOf(s.sandbox, REPO, number as number))?.conclusion ?? undefined);
  };
  await doAll(told.before);
  const name = `h-${world.count++}`;
  number = await s.openHotfix({
    branch: `hotfix/${name}`,
    files: { [`src/payments/${name}.py`]: `# HOTFIX: Issue #1234\n${name.replace("-", "_")} = 1\n` },
    login: JOHN,
  });
  await doAll(told.waiting);
  await look();
  s.later();
  await Promise.all([s.sandbox.as(JANE).review(REPO, number, "APPROVED"), doAll(told.approved)]);
  await look();
  await doAll(told.after);
  await look();
  const requests = s.sandbox.requests.filter(({ path }) => !path.endsWith("/access_tokens")).length;
  const calls = await called(s, number);
  await s.sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
  const { pulls } = world;
  const calledByThem: string[] = [];
  for (const [own, who] of world.opened.splice(0)) {
    calledByThem.push(...(await called(s, own)).filter((call) => call !== "review requested"));
    count(world, who, own);
    await s.sandbox
      .as(who)
      .editPullRequest(REPO, own, { state: "closed" })
      .catch(() => undefined);
  }
  pulls.clear();
  world.issues.clear();
  await untilPassedOn(world);
  return { conclusions, calls, calledByThem, requests, allowed };
}

const NOBODY = { before: [], waiting: [], approved: [], after: [] };

async function holds(world: World, runs: number, expect: ExpectStatic): Promise<void> {
  // The first hotfix makes the labels.
  await live(world, NOBODY);
  const alone = await live(world, NOBODY);
  expect(alone.conclusions).toEqual(["action_required", "success", "success"]);
  const told = world.slack.texts.length / 2;
  let honest = 2;
  await fc.assert(
    fc.asyncProperty(history, async (one) => {
      const outcome = await live(world, one);
      honest++;
      if (IS_SOAK && honest % TELL_EACH === 0) process.stderr.write(`${honest - 2} of ${runs} histories\n`);
      expect(outcome.conclusions).toEqual(alone.conclusions);
      expect(outcome.calls).toEqual(alone.calls);
      expect(outcome.calledByThem).toEqual([]);
      expect(world.slack.texts.length).toBeLessThanOrEqual(told * honest);
      expect(outcome.requests).toBeLessThanOrEqual(alone.requests + SLACK + outcome.allowed);
    }),
    { numRuns: runs, endOnFailure: true, ...SEED },
  );
}

describe.concurrent("strangers beside an honest hotfix", () => {
  for (let i = 0; i < WORLDS; i++)
    it.concurrent(`change nothing for it (${i + 1} of ${WORLDS})`, {
      timeout: IS_SOAK ? 24 * 3_600_000 : 3_600_000,
    }, async ({ expect }) => {
      const world = await createWorld();
      try {
        await holds(world, Math.ceil(HISTORIES / WORLDS), expect);
        expect(world.s.sandbox.unknownRoutes).toEqual([]);
      } finally {
        await world.s.close();
        world.slack.close();
      }
    });
});
