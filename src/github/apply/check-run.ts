import type { Action, DesiredCheck } from "../../policy/action.ts";
import { isPassing } from "../../policy/verdict.ts";
import { count, onStatus } from "../api/answer.ts";
import { describeFailure } from "../api/read.ts";
import { headIdentity } from "../api/repositories.ts";
import { GATE_NAME, type GateRun, readGates, toGateRun } from "../collect/check/gates.ts";
import { forgetRecentGates, rememberWritten, takeRecentGates } from "../collect/check/recent.ts";
import { saidAlone } from "../collect/check/record.ts";
import { inBatches, missingAnnotations, type RawAnnotation } from "./annotations.ts";
import { ActionFailed, type ApplyContext } from "./context.ts";
import { createOnce, ONCE } from "./create-once.ts";
import { CHECK_TEXT_LIMIT, cut, cutLine } from "./cut.ts";

/**
 * Makes the app's check run on a head say what it should, one writer at a time. The run is read again first,
 * unless it was read a moment ago and this process has written none since: what is there already is not
 * written again. A run of ours that passes does not stay beside one that does not.
 */
export function upsertCheckRun(
  context: ApplyContext,
  { headSha, check, rerequested }: Extract<Action, { type: "upsert-check-run" }>,
): Promise<void> {
  return context.client.exclusively(lock(context, headSha), async () => {
    const { client, repo } = context;
    const runs = takeRecentGates(client, repo, headSha) ?? (await ownRuns(context, headSha));
    const latest = runs[0];
    if (latest && !rerequested && saysTheSame(latest, check) && !client.instance?.owesTrace())
      return supersede(context, headSha, check, runs, latest.id);
    let written: Written | undefined;
    try {
      written = await write(context, headSha, check, latest);
    } finally {
      // Also where the write failed: what passed before must not pass on.
      await supersede(context, headSha, check, runs, written?.id);
    }
    const isOnly = runs.every(({ id }) => id === written.id);
    if (isOnly && written.run !== null && saysTheSame(written.run, check))
      rememberWritten(client, repo, headSha, [written.run]);
  });
}

/** Takes the pass from whatever stands beside a run (`current`) that does not pass. */
async function supersede(
  context: ApplyContext,
  headSha: string,
  check: DesiredCheck,
  runs: readonly GateRun[],
  current: number | undefined,
): Promise<void> {
  const passing = isPassing(check) ? [] : runs.filter((run) => run.id !== current && isPassing(run));
  for (const run of passing)
    await cancel(context, headSha, run, "Superseded by a newer result of this check.");
}

/** Takes the pass from a run that has one; whatever else the run says by now is left alone. */
export function cancelCheckRun(
  context: ApplyContext,
  { headSha, checkRunId, reason, forget }: Extract<Action, { type: "cancel-check-run" }>,
): Promise<void> {
  const { client, repo } = context;
  return context.client.exclusively(lock(context, headSha), async () => {
    const run = await client.octokit.rest.checks
      .get({ ...repo, check_run_id: checkRunId })
      .catch(onStatus([404], null));
    // That it is not there is believed where the commit's own list says so too.
    if (run === null && (await ownRuns(context, headSha)).some(({ id }) => id === checkRunId))
      throw new ActionFailed("the check run cannot be read, although it is there", true);
    if (run === null || Number(run.data.app?.id) !== client.app.id) return;
    if (!forget && !isPassing(run.data)) return;
    await cancel(context, headSha, toGateRun(run.data), reason);
  });
}

/** One writer at a time on a head's check runs. */
export function lock({ client, repo }: Pick<ApplyContext, "client" | "repo">, sha: string): string {
  return headIdentity(client, repo, sha);
}

async function ownRuns({ client, repo }: ApplyContext, sha: string): Promise<readonly GateRun[]> {
  const runs = await readGates(client, repo, sha);
  if (!runs.known) throw new ActionFailed(runs.reason, true);
  return runs.value;
}

function saysTheSame(run: GateRun, check: DesiredCheck): boolean {
  // A run that was asked for again keeps its digest and loses its conclusion.
  return (
    run.externalId === check.externalId && run.status === check.status && run.conclusion === check.conclusion
  );
}

/** A run that was written; `run`: as GitHub answered, where it showed all of it. */
interface Written {
  readonly id: number;
  readonly run: GateRun | null;
}

/**
 * Writes the check and returns the run. Annotations that GitHub refuses do not keep the decision from
 * being written.
 */
async function write(
  context: ApplyContext,
  headSha: string,
  check: DesiredCheck,
  latest: GateRun | undefined,
): Promise<Written> {
  // A completed run does not go back to in_progress: GitHub lets the newest run of a name count.
  const existing = latest?.status === "completed" && check.status !== "completed" ? undefined : latest;
  const [first = [], ...rest] = inBatches(await missingAnnotations(context, check, existing));
  const decision = {
    status: check.status,
    ...(check.conclusion === null ? {} : { conclusion: check.conclusion }),
    // Whether it passed when the pull request was merged is told by this time (`collect/gate-at.ts`).
    ...(existing?.completedAt != null && existing.conclusion === check.conclusion
      ? { completed_at: existing.completedAt }
      : {}),
  };
  // The decision goes out with the first request, the digest with the last: what fails between is made good
  // later.
  const fields = (left: number, annotations: readonly RawAnnotation[]): Fields => ({
    ...decision,
    external_id: left === 0 ? check.externalId : "incomplete",
    output: output(check, annotations),
  });
  const start = (annotations: readonly RawAnnotation[]) =>
    existing === undefined
      ? create(context, headSha, fields(rest.length, annotations), latest?.id ?? 0)
      : update(context, headSha, existing.id, fields(rest.length, annotations));
  try {
    let written = await start(first);
    for (const [i, batch] of rest.entries()) {
      written = await update(context, headSha, written.id, fields(rest.length - 1 - i, batch));
    }
    return written;
  } catch (error) {
    if (check.annotations.length === 0 || describeFailure(error).status !== 422) throw error;
    return write(context, headSha, { ...check, annotations: [] }, (await ownRuns(context, headSha))[0]);
  }
}

/** What a run says, as GitHub's requests have it. */
interface Fields {
  status: DesiredCheck["status"];
  conclusion?: NonNullable<DesiredCheck["conclusion"]>;
  completed_at?: string;
  external_id: string;
  output: { title: string; summary: string; text?: string; annotations?: RawAnnotation[] };
}

async function create(
  context: ApplyContext,
  headSha: string,
  fields: Fields,
  newestBefore: number,
): Promise<Written> {
  const { checks } = context.client.octokit.rest;
  const run = { ...context.repo, ...fields, name: GATE_NAME, head_sha: headSha, ...ONCE };
  const { value } = await createOnce<Written>({
    create: () => forgetting(context, headSha, async () => toWritten((await checks.create(run)).data)),
    find: async () => {
      const newest = (await ownRuns(context, headSha))[0]?.id ?? 0;
      return newest > newestBefore ? { id: newest, run: null } : null;
    },
    pause: context.pause,
  });
  return value;
}

function update(context: ApplyContext, headSha: string, id: number, fields: Fields): Promise<Written> {
  const { client, repo } = context;
  const request = { ...repo, check_run_id: id, ...fields };
  return forgetting(context, headSha, async () => {
    const { data } = await client.octokit.rest.checks.update(request);
    return data?.id === id ? toWritten(data) : { id, run: null };
  });
}

/** What was read before the write holds neither while it is under way nor after it. */
async function forgetting(
  { client, repo }: ApplyContext,
  headSha: string,
  write: () => Promise<Written>,
): Promise<Written> {
  forgetRecentGates(client, repo, headSha);
  try {
    return await write();
  } finally {
    forgetRecentGates(client, repo, headSha);
  }
}

function toWritten(raw: Parameters<typeof toGateRun>[0]): Written {
  const isWhole = typeof raw.output?.text === "string" && typeof raw.status === "string";
  return { id: count(raw.id), run: isWhole ? toGateRun(raw) : null };
}

async function cancel(context: ApplyContext, headSha: string, run: GateRun, reason: string): Promise<void> {
  // What is gone passes nothing.
  await update(context, headSha, run.id, {
    status: "completed",
    conclusion: "cancelled",
    external_id: "cancelled",
    output: {
      title: "No longer valid",
      summary: cut(reason, CHECK_TEXT_LIMIT),
      // What it said when somebody deployed or merged is asked later (`collect/gate-at.ts`).
      text: saidAlone(run),
    },
  }).catch(onStatus([404], null));
}

function output(check: DesiredCheck, annotations: readonly RawAnnotation[]): Fields["output"] {
  return {
    title: cutLine(check.title, 255),
    summary: cut(check.summary, CHECK_TEXT_LIMIT),
    text: cut(check.text, CHECK_TEXT_LIMIT),
    ...(annotations.length === 0 ? {} : { annotations: [...annotations] }),
  };
}
