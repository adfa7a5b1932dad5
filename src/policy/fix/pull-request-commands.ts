import { type PullRequestSnapshot, pullRequestNumber } from "../snapshot.ts";
import { shellWord } from "../text/shell.ts";
import { compareUrl } from "../text/web-address.ts";
import type { FixStep } from "./steps.ts";
import { exactArguments } from "./windows.ts";

/**
 * What is to be done with the pull request itself, as one command: by the GitHub CLI, or, where that is not
 * installed, by what it prints. `null`: nothing. `afterGit`: it is the end of a longer chain.
 */
export function pullRequestCommand(
  steps: readonly FixStep[],
  snapshot: PullRequestSnapshot,
  afterGit: boolean,
): string | null {
  const number = pullRequestNumber(snapshot);
  if (number === null) return null;
  const { ref } = snapshot.pullRequest.base;
  const title = find(steps, "retitle")?.title ?? null;
  const base = find(steps, "change-base")?.base ?? null;
  const rename = find(steps, "rename-branch");
  if (rename !== undefined)
    return withOrWithout(
      anew({ number, branch: rename.branch, base: base ?? ref, title, steps }, snapshot),
      newByHand(number, rename.branch, base ?? ref, snapshot),
    );
  const edits = [
    ...(title === null ? [] : [`--title ${shellWord(title)}`]),
    ...(base === null ? [] : [`--base ${shellWord(base)}`]),
  ];
  if (edits.length === 0) return null;
  const edit = exactArguments(
    `gh pr edit ${number} ${ghRepository(snapshot.repository.url)} ${edits.join(" ")}`,
    [title ?? ""],
  );
  if (!afterGit) return edit;
  const byHand = [
    ...(title === null ? [] : [`title: ${title}`]),
    ...(base === null ? [] : [`base: ${base}`]),
  ];
  return withOrWithout([edit], `If gh did not, edit #${number} by hand: ${byHand.join("; ")}`);
}

function find<K extends FixStep["kind"]>(
  steps: readonly FixStep[],
  kind: K,
): Extract<FixStep, { kind: K }> | undefined {
  return steps.find((step): step is Extract<FixStep, { kind: K }> => step.kind === kind);
}

/** The option of `gh` that names the repository by its web address, whatever remotes the clone has. */
export function ghRepository(url: string): string {
  return `-R ${url.replace(/^https?:\/\/(?:github\.com\/)?/, "")}`;
}

/** Commands of `gh` as one, and what is said where it is not installed, or they fail. */
export function withOrWithout(commands: readonly string[], byHand: string): string {
  return `{ ${commands.join(" &&\n")} ||\necho ${shellWord(byHand)}; }`;
}

interface NewPullRequest {
  readonly number: number;
  readonly branch: string;
  readonly base: string;
  readonly title: string | null;
  readonly steps: readonly FixStep[];
}

/**
 * It is there before the old one is closed. The body goes through a pipe: it may be as long as GitHub takes.
 */
function anew(
  { number, branch, base, title, steps }: NewPullRequest,
  snapshot: PullRequestSnapshot,
): readonly string[] {
  const repository = ghRepository(snapshot.repository.url);
  const { labels, assignees, reviewers } = snapshot.pullRequest;
  const owner = forkOwner(snapshot);
  const head = shellWord(owner === null ? branch : `${owner}:${branch}`);
  const view = (field: string): string => `gh pr view ${number} ${repository} --json ${field} --jq .${field}`;
  const newTitle =
    title !== null
      ? shellWord(title)
      : find(steps, "write-message") !== undefined
        ? '"$(git log -1 --format=%s)"'
        : `"$(${view("title")})"`;
  // Approvals are of the old head: their labels would be taken off again.
  const kept = labels.filter((label) => !label.startsWith("approved:"));
  const taken = (prefix: string): readonly string[] => [
    ...listArgument(`${prefix}label`, kept),
    ...listArgument(`${prefix}assignee`, assignees),
    ...listArgument(`${prefix}reviewer`, reviewers),
  ];
  const create = [
    `${view("body")} |\n  MSYS_NO_PATHCONV=1 gh pr create ${repository} --base ${shellWord(base)} --head ${head}`,
    `--title ${newTitle} --body-file -`,
    ...(owner === null ? taken("") : []),
  ].join(" ");
  const close = `gh pr close ${number} ${repository}`;
  // Who has a fork may not set them, which must not keep the old pull request open.
  const later = owner === null ? [] : taken("add-");
  return [
    create,
    close,
    ...(later.length === 0
      ? []
      : [exactArguments(`gh pr edit ${head} ${repository} ${later.join(" ")}`, kept)]),
  ];
}

function newByHand(number: number, branch: string, base: string, snapshot: PullRequestSnapshot): string {
  const owner = forkOwner(snapshot);
  const url = compareUrl(snapshot.repository.url, base, owner === null ? branch : `${owner}:${branch}`);
  return `If gh did not: open ${url} with the text and labels of #${number}, then close #${number}.`;
}

/** `null`: the branch is in the repository itself. */
function forkOwner({ pullRequest: { fork, head } }: PullRequestSnapshot): string | null {
  return fork && head.repository !== null ? (head.repository.split("/")[0] ?? null) : null;
}

/** An option whose value is a list with commas; nothing where the list is empty. */
function listArgument(option: string, values: readonly string[] = []): readonly string[] {
  const kept = values.filter((value) => !/[",]/.test(value));
  return kept.length === 0 ? [] : [`--${option} ${shellWord(kept.join(","))}`];
}
