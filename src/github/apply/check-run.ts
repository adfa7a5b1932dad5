import type { Action, DesiredCheck } from "../../policy/action.ts";
import type { Annotation } from "../../policy/verdict.ts";
import { isPassing } from "../../policy/verdict.ts";
import { count, onStatus } from "../api/answer.ts";
import { describeFailure, PER_PAGE, readPages } from "../api/read.ts";
import { headIdentity } from "../api/repositories.ts";
import { GATE_NAME, type GateRun, readGates, toGateRun } from "../collect/check/gates.ts";
import { forgetRecentGates, takeRecentGates } from "../collect/check/recent.ts";
import { saidAlone } from "../collect/check/record.ts";
import { ActionFailed, type ApplyContext } from "./context.ts";
import { createOnce, ONCE } from "./create-once.ts";
import { CHECK_TEXT_LIMIT, cut, cutLine } from "./cut.ts";
import { exclusively } from "./exclusively.ts";

/** GitHub takes so many annotations a request; those of later requests are added to them. */
const ANNOTATIONS_A_REQUEST = 50;

/**
 * Makes the app's check run on a head say what it should, one writer at a time. The run is read again first,
 * unless it was read a moment ago and this process has written none since: what is there already is not
 * written again. A run of ours that passes does not stay beside one that does not.
 */
export function upsertCheckRun(
  context: ApplyContext,
  { headSha, check, rerequested }: Extract<Action, { type: "upsert-check-run" }>,
): Promise<void> {
  return exclusively(lock(context, headSha), async () => {
    const { client, repo } = context;
    const runs = takeRecentGates(client, repo, headSha) ?? (await ownRuns(context, headSha));
    const latest = runs[0];
    let current: number | undefined;
    try {
      current =
        latest && !rerequested && saysTheSame(latest, check) && !client.instance?.owesTrace()
          ? latest.id
          : await write(context, headSha, check, latest);
    } finally {
      // Also where the write failed: what passed before must not pass on.
      const passing = isPassing(check) ? [] : runs.filter((run) => run.id !== current && isPassing(run));
      for (const run of passing) await cancel(context, run, "Superseded by a newer result of this check.");
    }
  });
}

/** Takes the pass from a run that has one; whatever else the run says by now is left alone. */
export function cancelCheckRun(
  context: ApplyContext,
  { headSha, checkRunId, reason, forget }: Extract<Action, { type: "cancel-check-run" }>,
): Promise<void> {
  const { client, repo } = context;
  return exclusively(lock(context, headSha), async () => {
    const run = await client.octokit.rest.checks
      .get({ ...repo, check_run_id: checkRunId })
      .catch(onStatus([404], null));
    if (run === null || Number(run.data.app?.id) !== client.app.id) return;
    if (!forget && !isPassing(run.data)) return;
    await cancel(context, toGateRun(run.data), reason);
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

/**
 * Writes the check and returns the run's id. Annotations that GitHub refuses do not keep the decision from
 * being written.
 */
async function write(
  context: ApplyContext,
  headSha: string,
  check: DesiredCheck,
  latest: GateRun | undefined,
): Promise<number> {
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
      : update(context, existing.id, fields(rest.length, annotations));
  try {
    const id = await start(first);
    for (const [i, batch] of rest.entries()) {
      await update(context, id, fields(rest.length - 1 - i, batch));
    }
    return id;
  } catch (error) {
    if (check.annotations.length === 0 || describeFailure(error).status !== 422) throw error;
    return write(context, headSha, { ...check, annotations: [] }, (await ownRuns(context, headSha))[0]);
  }
}

interface RawAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: Annotation["level"];
  title: string;
  message: string;
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
): Promise<number> {
  const { checks } = context.client.octokit.rest;
  const run = { ...context.repo, ...fields, name: GATE_NAME, head_sha: headSha, ...ONCE };
  const { value } = await createOnce({
    create: async () => {
      const created = checks.create(run).finally(() => forgetRecentGates(context.client));
      return count((await created).data.id);
    },
    find: async () => {
      const newest = (await ownRuns(context, headSha))[0]?.id ?? 0;
      return newest > newestBefore ? newest : null;
    },
    pause: context.pause,
  });
  return value;
}

async function update({ client, repo }: ApplyContext, id: number, fields: Fields): Promise<number> {
  await client.octokit.rest.checks
    .update({ ...repo, check_run_id: id, ...fields })
    .finally(() => forgetRecentGates(client));
  return id;
}

async function cancel(context: ApplyContext, run: GateRun, reason: string): Promise<void> {
  // What is gone passes nothing.
  await update(context, run.id, {
    status: "completed",
    conclusion: "cancelled",
    external_id: "cancelled",
    output: {
      title: "No longer valid",
      summary: cut(reason, CHECK_TEXT_LIMIT),
      // What it said when somebody deployed or merged is asked later (`collect/gate-at.ts`).
      text: saidAlone(run),
    },
  }).catch(onStatus([404], run.id));
}

function output(check: DesiredCheck, annotations: readonly RawAnnotation[]): Fields["output"] {
  return {
    title: cutLine(check.title, 255),
    summary: cut(check.summary, CHECK_TEXT_LIMIT),
    text: cut(check.text, CHECK_TEXT_LIMIT),
    ...(annotations.length === 0 ? {} : { annotations: [...annotations] }),
  };
}

/** GitHub adds annotations and never takes one away: only those go out that the run has not yet. */
async function missingAnnotations(
  { client, repo }: ApplyContext,
  check: DesiredCheck,
  existing: GateRun | undefined,
): Promise<readonly RawAnnotation[]> {
  const desired = check.annotations.map(toRaw);
  if (existing === undefined || desired.length === 0) return desired;
  const there = await readPages("the annotations", (page) =>
    client.octokit.rest.checks.listAnnotations({
      ...repo,
      check_run_id: existing.id,
      per_page: PER_PAGE,
      page,
    }),
  );
  // The decision must not wait for this: better one shown twice than a check that is not written.
  if (!there.known) return desired;
  const keys = new Set(there.value.map(annotationKey));
  return desired.filter((annotation) => !keys.has(annotationKey(annotation)));
}

function annotationKey(a: {
  path: string;
  start_line: number;
  title: string | null;
  message: string | null;
}): string {
  return JSON.stringify([a.path, a.start_line, a.title, a.message]);
}

function toRaw({ path, startLine, endLine, level, title, message }: Annotation): RawAnnotation {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    title: cutLine(title, 255),
    // At most 64 KB: four bytes a character at worst.
    message: cut(message, 16_000),
  };
}

function inBatches(annotations: readonly RawAnnotation[]): RawAnnotation[][] {
  return Array.from({ length: Math.ceil(annotations.length / ANNOTATIONS_A_REQUEST) }, (_, i) =>
    annotations.slice(i * ANNOTATIONS_A_REQUEST, (i + 1) * ANNOTATIONS_A_REQUEST),
  );
}
