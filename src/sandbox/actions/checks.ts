import { emit } from "../emit.ts";
import { invalid, notFound, refuse } from "../errors.ts";
import { checkRunJson, checkSuiteJson } from "../json/checks.ts";
import type { Actor, Annotation, CheckRunState, CheckSuiteState, JsonObject, RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { ensureSuite } from "./push.ts";

const conclusions = ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"];
const levels = ["notice", "warning", "failure"];
const limit = 65_535;

/** Makes a check run, as the app (or, in `appId`, as some other app). */
export async function createRun(
  world: World,
  repo: RepoState,
  actor: Actor,
  body: JsonObject,
  appId = world.app.id,
): Promise<CheckRunState> {
  const { name, head_sha: sha } = body;
  if (typeof name !== "string" || name === "") throw invalid("CheckRun", "name", "missing_field");
  if (typeof sha !== "string") throw invalid("CheckRun", "head_sha", "missing_field");
  if (!/^[0-9a-f]{40}$/.test(sha) || !repo.git.objects.published.has(sha))
    throw refuse(422, `No commit found for SHA: ${sha}`);
  const branch = [...repo.git.branches].find(([, tip]) => tip === sha)?.[0] ?? null;
  const at = world.now();
  const run: CheckRunState = {
    id: world.id(),
    appId,
    suite: 0,
    name,
    headSha: sha,
    status: "queued",
    conclusion: null,
    startedAt: at,
    completedAt: null,
    externalId: "",
    detailsUrl: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    rerequested: false,
  };
  change(world, run, body);
  run.suite = (await ensureSuite(world, repo, actor, sha, branch, { appId, silent: true }))?.id ?? 0;
  repo.runs.push(run);
  await runHook(world, repo, run, "created", actor);
  await afterRun(world, repo, run, actor);
  return run;
}

/** What `PATCH …/check-runs/{id}` does. */
export async function updateRun(
  world: World,
  repo: RepoState,
  actor: Actor,
  run: CheckRunState,
  body: JsonObject,
): Promise<void> {
  const before = run.status;
  const draft = { ...run, annotations: [...run.annotations] };
  change(world, draft, body);
  Object.assign(run, draft);
  if (typeof body.name === "string" && body.name !== "") run.name = body.name;
  if (run.status === "completed") run.rerequested = false;
  if (before !== "completed" || body.conclusion !== undefined) await afterRun(world, repo, run, actor);
}

/** Tells of a completed run, and lets the merge queue go on. */
async function afterRun(world: World, repo: RepoState, run: CheckRunState, actor: Actor): Promise<void> {
  if (run.status !== "completed") return;
  await runHook(world, repo, run, "completed", actor);
  const suite = repo.suites.find((one) => one.id === run.suite);
  if (!suite) return;
  const json = await checkSuiteJson(world, repo, suite);
  if (json.status === "completed")
    emit(world, repo, "check_suite", { action: "completed", check_suite: json }, actor.user);
}

async function runHook(
  world: World,
  repo: RepoState,
  run: CheckRunState,
  action: string,
  actor: Actor,
  always = false,
): Promise<void> {
  const suite = repo.suites.find((one) => one.id === run.suite);
  // `created` and `completed` go to all apps that listen; a re-run only to the app that made the run.
  if (always && run.appId !== world.app.id) return;
  const json = {
    ...checkRunJson(world, repo, run),
    ...(suite ? { check_suite: await suiteInRun(world, repo, suite) } : {}),
  };
  emit(world, repo, "check_run", { action, check_run: json }, actor.user, always);
}

async function suiteInRun(world: World, repo: RepoState, suite: CheckSuiteState): Promise<JsonObject> {
  const { repository: _, head_commit: __, ...rest } = await checkSuiteJson(world, repo, suite);
  return rest;
}

function change(world: World, run: CheckRunState, body: JsonObject): void {
  if ("conclusion" in body && body.conclusion !== undefined) {
    const conclusion = body.conclusion;
    if (typeof conclusion !== "string" || !conclusions.includes(conclusion))
      throw refuse(
        422,
        `Invalid request.\n\nFor 'properties/conclusion', ${JSON.stringify(conclusion)} is not a member of ${JSON.stringify(conclusions)}.`,
      );
  }
  const status = body.status;
  if (status !== undefined && !["queued", "in_progress", "completed"].includes(String(status)))
    throw refuse(
      422,
      `Invalid request.\n\nFor 'properties/status', ${JSON.stringify(status)} is not a member of ["queued", "in_progress", "completed"].`,
    );
  if (status === "completed" && body.conclusion === undefined && run.conclusion === null)
    throw refuse(422, 'Invalid request.\n\nNo subschema in "anyOf" matched.\n"conclusion" wasn\'t supplied.');
  if (run.status === "completed" && typeof status === "string" && status !== "completed" && !run.rerequested)
    throw refuse(422, "Validation Failed", [
      {
        resource: "CheckRun",
        code: "custom",
        field: "status",
        message: "a completed check run cannot go back",
      },
    ]);
  output(run, body.output);
  if (typeof body.external_id === "string") run.externalId = body.external_id;
  if (typeof body.details_url === "string") {
    if (!/^https?:\/\//.test(body.details_url))
      throw invalid("CheckRun", "details_url", "invalid", "details_url must use the http or https scheme");
    run.detailsUrl = body.details_url;
  }
  if (Array.isArray(body.actions)) {
    if (body.actions.length > 3)
      throw invalid("CheckRun", "actions", "invalid", "Only 3 actions are allowed");
    run.actions = body.actions as JsonObject[];
  }
  if (typeof body.started_at === "string") run.startedAt = body.started_at;
  if (typeof body.conclusion === "string") {
    run.status = "completed";
    run.conclusion = body.conclusion;
    run.completedAt = typeof body.completed_at === "string" ? body.completed_at : world.now();
  } else if (typeof status === "string" && status !== "completed") {
    run.status = status;
    run.conclusion = null;
    run.completedAt = null;
  }
}

function output(run: CheckRunState, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null) throw invalid("CheckRun", "output", "invalid");
  const { title, summary, text, annotations } = value as JsonObject;
  for (const [key, part] of Object.entries({ title, summary, text })) {
    if (part === undefined || part === null) continue;
    if (typeof part !== "string") throw invalid("CheckRun", key, "invalid");
    if (Buffer.byteLength(part) > limit && part.length > limit)
      throw refuse(
        422,
        `Invalid request.\n\nOnly ${limit} characters are allowed; ${part.length} were supplied.`,
      );
  }
  if (typeof title === "string" && typeof summary !== "string" && run.summary === null)
    throw refuse(422, 'Invalid request.\n\n"summary" wasn\'t supplied.');
  if (typeof summary === "string" && typeof title !== "string" && run.title === null)
    throw refuse(422, 'Invalid request.\n\n"title" wasn\'t supplied.');
  if (typeof title === "string") run.title = title;
  if (typeof summary === "string") run.summary = summary;
  if (typeof text === "string") run.text = text;
  if (annotations === undefined) return;
  if (!Array.isArray(annotations)) throw invalid("CheckRun", "annotations", "invalid");
  if (annotations.length > 50)
    throw refuse(
      422,
      `Invalid request.\n\nNo more than 50 items are allowed; ${annotations.length} were supplied.`,
    );
  run.annotations.push(...annotations.map((one) => annotation(one as JsonObject)));
}

function annotation(one: JsonObject): Annotation {
  const line = (key: string) => typeof one[key] === "number" && Number.isInteger(one[key]);
  if (typeof one.path !== "string" || one.path.startsWith("/") || !line("start_line") || !line("end_line"))
    throw refuse(422, "Invalid request.\n\nannotations need path, start_line and end_line.");
  if (!levels.includes(String(one.annotation_level)))
    throw refuse(
      422,
      `Invalid request.\n\n${JSON.stringify(one.annotation_level)} is not a member of ${JSON.stringify(levels)}.`,
    );
  if (typeof one.message !== "string" || one.message === "" || Buffer.byteLength(one.message) > 64 * 1024)
    throw refuse(422, "Invalid request.\n\nannotation message is missing or over 64 KB.");
  if (typeof one.title === "string" && one.title.length > 255)
    throw refuse(422, "Invalid request.\n\ntitle is over 255 characters.");
  return one as Annotation;
}

/** The "Re-run" button of one run. */
export async function rerequestRun(world: World, repo: RepoState, actor: Actor, id: number): Promise<void> {
  const run = repo.runs.find((one) => one.id === id);
  if (!run) throw notFound();
  if (run.status !== "completed") throw refuse(422, "This check run is not rerequestable");
  run.rerequested = true;
  await runHook(world, repo, run, "rerequested", actor, true);
}

/** The "Re-run all checks" button. */
export async function rerequestSuite(
  world: World,
  repo: RepoState,
  actor: Actor,
  suite: CheckSuiteState,
): Promise<void> {
  for (const run of repo.runs) if (run.suite === suite.id) run.rerequested = true;
  suite.updatedAt = world.now();
  if (suite.appId !== world.app.id) return;
  const check_suite = await checkSuiteJson(world, repo, suite);
  emit(world, repo, "check_suite", { action: "rerequested", check_suite }, actor.user, true);
}
