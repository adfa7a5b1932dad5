import { REPO, RITA } from "../demo/kamiyo.ts";
import type { CheckRunJson, IssueJson, Json, LabelJson, PullRequestJson, Sandbox } from "../sandbox/index.ts";

/** A commit, as a page shows it. */
export interface Commit {
  readonly sha: string;
  readonly parents: number;
  readonly message: string;
  readonly author: string;
  readonly at: string;
}

/** A changed file, with its patch where there is one. */
export interface ChangedFile {
  readonly path: string;
  readonly status: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string | null;
}

/** A remark of a check run at a line of a file. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: string;
  readonly title: string;
  readonly message: string;
}

/** An entry of a timeline, as GitHub's API has it. */
export type Happening = Readonly<Record<string, Json>>;

/** A pull request with all that its pages show. */
export interface Pull {
  readonly pull: PullRequestJson;
  readonly labels: readonly string[];
  readonly commits: readonly Commit[];
  readonly files: readonly ChangedFile[];
  readonly timeline: readonly Happening[];
  /** The latest of each name on the head. */
  readonly checks: readonly CheckRunJson[];
  readonly annotations: readonly Annotation[];
  /** Why GitHub would not merge it. */
  readonly blockers: readonly string[];
}

const read = async <T>(sandbox: Sandbox, path: string): Promise<T> =>
  (await sandbox.as(RITA).request("GET", `/repos/${REPO}${path}`)) as unknown as T;

/** All that the pages of a pull request show. */
export async function readPull(sandbox: Sandbox, number: number): Promise<Pull> {
  const pull = await sandbox.pullRequest(REPO, number);
  const checks = latest(await sandbox.checkRuns(REPO, pull.head.sha));
  const [commits, files, timeline, annotations] = await Promise.all([
    read<RawCommit[]>(sandbox, `/pulls/${number}/commits?per_page=100`),
    read<RawFile[]>(sandbox, `/pulls/${number}/files?per_page=100`),
    sandbox.timeline(REPO, number),
    Promise.all(checks.map(({ id }) => read<RawAnnotation[]>(sandbox, `/check-runs/${id}/annotations`))),
  ]);
  return {
    pull,
    labels: sandbox.labelsOf(REPO, number),
    commits: commits.map(asCommit),
    files: files.map(asFile),
    timeline,
    checks,
    annotations: annotations.flat().map(asAnnotation),
    blockers: sandbox.mergeBlockers(REPO, number),
  };
}

/** An issue that is no pull request. */
export interface Issue {
  readonly issue: IssueJson;
  readonly labels: readonly string[];
  readonly timeline: readonly Happening[];
}

/** All that the page of an issue shows. */
export async function readIssue(sandbox: Sandbox, number: number): Promise<Issue> {
  return {
    issue: await sandbox.issue(REPO, number),
    labels: sandbox.labelsOf(REPO, number),
    timeline: await sandbox.timeline(REPO, number),
  };
}

/** What stands on the branch `main`, and which other branches there are. */
export interface Code {
  readonly commits: readonly Commit[];
  readonly branches: readonly string[];
}

/** The newest commits of the default branch, and all branches. */
export async function readCode(sandbox: Sandbox): Promise<Code> {
  const [commits, branches] = await Promise.all([
    read<RawCommit[]>(sandbox, "/commits?per_page=30"),
    read<{ name: string }[]>(sandbox, "/branches?per_page=100"),
  ]);
  return { commits: commits.map(asCommit), branches: branches.map(({ name }) => name) };
}

/** Newest first. */
export function readPulls(sandbox: Sandbox): Promise<PullRequestJson[]> {
  return read<PullRequestJson[]>(sandbox, "/pulls?state=all&per_page=100");
}

/** Newest first. */
export async function readIssues(sandbox: Sandbox): Promise<IssueJson[]> {
  return (await sandbox.issues(REPO)).reverse();
}

/** Of issue or pull request `number`, or neither. */
export async function kindOf(sandbox: Sandbox, number: number): Promise<"issue" | "pull" | null> {
  const issue = await sandbox.issue(REPO, number).catch(() => null);
  if (issue === null) return null;
  return issue.pull_request === undefined ? "issue" : "pull";
}

export const labelsOf = (sandbox: Sandbox): readonly LabelJson[] => sandbox.labels(REPO);

function latest(runs: readonly CheckRunJson[]): CheckRunJson[] {
  return [...new Map(runs.map((run) => [`${run.name} ${run.app?.id}`, run])).values()];
}

interface RawCommit {
  sha: string;
  parents: unknown[];
  commit: { message: string; author: { name: string; date: string } };
}
const asCommit = ({ sha, parents, commit }: RawCommit): Commit => ({
  sha,
  parents: parents.length,
  message: commit.message.trim(),
  author: commit.author.name,
  at: commit.author.date,
});

interface RawFile {
  filename: string;
  status: string;
  additions: number;
  deletions: number;
  patch?: string;
}
const asFile = ({ filename, patch = "", ...rest }: RawFile): ChangedFile => ({
  path: filename,
  status: rest.status,
  additions: rest.additions,
  deletions: rest.deletions,
  patch: patch === "" ? null : patch,
});

interface RawAnnotation {
  path: string;
  start_line: number;
  annotation_level: string;
  title?: string;
  message: string;
}
const asAnnotation = ({ path, start_line, annotation_level, title, message }: RawAnnotation): Annotation => ({
  path,
  line: start_line,
  level: annotation_level,
  title: title ?? "",
  message,
});
