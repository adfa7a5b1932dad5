import { rename, rm, writeFile } from "node:fs/promises";
import { readReferences } from "../policy/commit-message/references.ts";
import { blankMessage, proposeTitle } from "../policy/commit-message/template.ts";
import { type Policy, SEVERITIES, type Severity } from "../policy/policy.ts";
import { proposeBranch } from "../policy/propose-branch.ts";
import type { RepositoryFacts } from "../policy/snapshot.ts";
import { oneLine } from "../policy/text/shell.ts";
import { readConfiguration } from "./configuration.ts";
import { type Git, LocalError } from "./git.ts";
import {
  findBase,
  type LocalBase,
  type LocalRepository,
  readRepository,
  repositoryFacts,
} from "./repository.ts";

/** The hotfix that `start` begins; `null`: not said, so it is found out or left to be filled in. */
export interface StartOptions {
  readonly description: string;
  readonly issue: string | null;
  readonly severity: string | null;
  readonly base: string | null;
  /** Ask no remote. */
  readonly offline: boolean;
  /** Set `commit.template` of this repository, so that a plain `git commit` begins with it. */
  readonly template: boolean;
}

/** What was made. */
export interface Started {
  readonly branch: string;
  readonly base: LocalBase;
  /** Where the branch is to be pushed to. */
  readonly pushRemote: string;
  /** Of the commit template, as git takes it in this directory. */
  readonly template: string;
  readonly templateSet: boolean;
  readonly severity: Severity | null;
  /** How soon a hotfix of this severity is to be merged, in milliseconds; `null`: not known. */
  readonly respondWithin: number | null;
  readonly notes: readonly string[];
}

const TEMPLATE = "hotfix-commit-template";

/**
 * Makes the hotfix branch from the latest base, and a commit template with what is known filled in. All is
 * checked before anything is made; throws `LocalError` where it cannot be.
 */
export async function startHotfix(git: Git, options: StartOptions): Promise<Started> {
  const repository = await readRepository(git);
  const found = await findBase(git, repository, options.base);
  const { base, notes } = options.offline
    ? { base: found, notes: [`Offline: ${found.revision} as of the last fetch.`] }
    : await latest(git, repository, found, options.base);
  const configuration = await readConfiguration(git, repository, base);
  if ("problems" in configuration)
    throw new LocalError(
      `The configuration is invalid (${configuration.source}): hotfix-guard validate says why.`,
    );
  const { policy } = configuration;
  const severity = severityOf(options.severity, policy);
  const reference = referenceOf(options.issue, policy, await repositoryFacts(git, repository, base));
  const branch = nameOf(options.description, reference?.number ?? null, policy);
  await isNew(git, repository, branch);
  const title = proposeTitle(options.description, policy) ?? oneLine(options.description);
  const lines = blankMessage(title, severity, reference?.text ?? null);

  const template = (await git.text(["rev-parse", "--git-path", TEMPLATE])) ?? `.git/${TEMPLATE}`;
  const former = options.template ? await git.text(["config", "--local", "--get", "commit.template"]) : null;
  if (former !== null && !former.endsWith(TEMPLATE))
    throw new LocalError(
      `commit.template is ${oneLine(former)} in this repository already: leave --template out.`,
    );
  const path = (await git.text(["rev-parse", "--path-format=absolute", "--git-path", TEMPLATE])) ?? template;
  await make(git, branch, base, { path, text: `${lines.join("\n")}\n` });
  const templateSet = options.template && (await git.run(["config", "--local", "commit.template", path])).ok;
  const dirty = await git.text(["status", "--porcelain", "--untracked-files=no"]);
  return {
    branch,
    base,
    pushRemote: repository.pushRemote ?? "origin",
    template,
    templateSet,
    severity,
    respondWithin: severity === null ? null : policy.severities[severity].respond_within,
    notes: [...notes, ...(dirty ? ["Your uncommitted changes came along."] : []), ...configuration.notes],
  };
}

/** The base as the remote has it now. Without network what is here has to do, and that is told. */
async function latest(
  git: Git,
  repository: LocalRepository,
  found: LocalBase,
  asked: string | null,
): Promise<{ base: LocalBase; notes: readonly string[] }> {
  const { remote } = repository;
  if (remote === null) return { base: found, notes: ["There is no remote: the base is this machine's."] };
  const { ok, stderr } = await git.run(["fetch", "--quiet", "--no-tags", remote, found.ref]);
  if (ok) return { base: await findBase(git, repository, asked ?? found.ref), notes: [] };
  const why = oneLine(stderr.split("\n", 1)[0] ?? "").slice(0, 200);
  return {
    base: found,
    notes: [`${remote} could not be reached (${why}): ${found.revision} as of the last fetch.`],
  };
}

function severityOf(text: string | null, policy: Policy): Severity | null {
  if (text === null) return null;
  const usable = SEVERITIES.filter((name) => policy.severities[name].hotfix);
  const severity = SEVERITIES.find((name) => name === text.trim().toUpperCase());
  if (severity === undefined)
    throw new LocalError(`--severity takes ${usable.join(" or ")}, not ${oneLine(text) || "nothing"}.`);
  if (!usable.includes(severity))
    throw new LocalError(
      `${severity} doesn't qualify for a hotfix (${usable.join(" or ")} does): use the normal release.`,
    );
  return severity;
}

function referenceOf(text: string | null, policy: Policy, facts: RepositoryFacts) {
  if (text === null) return null;
  const written = /^\d+$/.test(text.trim()) ? `#${text.trim()}` : text;
  const [reference] = readReferences(written, policy.commit.issues, facts).fixes;
  if (reference === undefined)
    throw new LocalError(
      `--issue takes 123, owner/repository#123 or an https URL, not ${oneLine(text) || "nothing"}.`,
    );
  return reference;
}

function nameOf(description: string, issue: number | null, policy: Policy): string {
  if (oneLine(description) === "")
    throw new LocalError('Say what is fixed: hotfix-guard start "<description>".');
  const name = proposeBranch("", description, policy, { issue, pullRequest: null });
  if (name === null)
    throw new LocalError(
      `No branch name that matches ${policy.branches.name} fits this description: use other words, or create the branch by hand.`,
    );
  return name;
}

async function isNew(git: Git, { remote }: LocalRepository, branch: string): Promise<void> {
  const here = await git.text(["rev-parse", "--verify", "--quiet", `refs/heads/${branch}`]);
  const there =
    remote === null
      ? null
      : await git.text(["rev-parse", "--verify", "--quiet", `refs/remotes/${remote}/${branch}`]);
  if (here !== null || there !== null)
    throw new LocalError(`The branch ${branch} already exists: git switch ${branch}, or use other words.`);
}

/** Branch and template, or neither. */
async function make(
  git: Git,
  branch: string,
  base: LocalBase,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, text).catch((error: Error) => {
    throw new LocalError(`The commit template cannot be written: ${error.message}`);
  });
  const { ok, stderr } = await git.run(["switch", "--quiet", "--no-track", "--create", branch, base.sha]);
  if (!ok) {
    await rm(draft, { force: true });
    const why = stderr
      .split("\n")
      .map(oneLine)
      .filter((line) => line !== "")
      .slice(0, 4)
      .join(" ");
    throw new LocalError(`The branch was not created: ${why}`);
  }
  await rename(draft, path);
}
