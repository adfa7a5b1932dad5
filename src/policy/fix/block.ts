import { type PullRequestSnapshot, pullRequestNumber } from "../snapshot.ts";
import { shellPath, shellWord } from "../text/shell.ts";
import type { RuleFinding, Verdict } from "../verdict.ts";
import type { FixStep } from "./steps.ts";

/** More files, or commits, and nobody reads what they paste. */
const MOST_PATHS = 20;
const LONGEST_BLOCK = 6_000;

type Step<K extends FixStep["kind"]> = Extract<FixStep, { kind: K }>;

/** The block for all that blocks, and one for each warning. */
export function blocksOf(
  findings: readonly RuleFinding[],
  snapshot: PullRequestSnapshot,
): Pick<Verdict, "fixBlock" | "warningBlocks"> {
  const violated = findings.filter(({ state, steps }) => state === "violated" && steps.length > 0);
  const errors = violated.filter(({ level, follows }) => level === "error" && follows === undefined);
  return {
    fixBlock: fixBlock(
      errors.flatMap(({ steps }) => steps),
      snapshot,
    ),
    warningBlocks: violated
      .filter(({ level }) => level === "warn")
      .map(({ rule, steps }) => ({ rule, commands: fixBlock(steps, snapshot) })),
  };
}

/**
 * One block of commands for all of the steps, in the order in which git can do them, for bash and zsh: it
 * stops at the first that fails. One push, and the new pull request is there before the old one is closed.
 * Empty: nothing that git can do, or more than anybody would read.
 */
export function fixBlock(steps: readonly FixStep[], snapshot: PullRequestSnapshot): readonly string[] {
  const of = <K extends FixStep["kind"]>(kind: K): readonly Step<K>[] =>
    steps.filter((step): step is Step<K> => step.kind === kind);
  const [rename] = of("rename-branch");
  const [rebuild] = of("rebuild-branch");
  const [squash] = of("squash-branch");
  const [message] = of("write-message");
  const drops = of("drop-files");
  const { pullRequest } = snapshot;
  const base = baseOf(snapshot);
  const commands: string[] = [];

  const changesBranch = steps.some(({ kind }) => kind !== "retitle" && kind !== "change-base");
  if (changesBranch) commands.push(base.fetch);
  const branch = rename?.branch ?? pullRequest.head.ref;
  if (rebuild !== undefined || squash !== undefined) {
    const how = rename === undefined ? "--force-create" : "--create";
    commands.push(`git switch ${how} ${shellWord(branch)} --no-track ${base.revision}`);
    if (rebuild !== undefined) commands.push(`git cherry-pick ${rebuild.commits.map(short).join(" ")}`);
    else if (squash !== undefined)
      commands.push(
        `git merge --squash ${short(squash.head)}`,
        `git commit --reuse-message=${short(squash.message)}`,
      );
  } else if (rename !== undefined)
    commands.push(`git switch --create ${shellWord(branch)} ${pullRequest.head.sha}`);
  else if (changesBranch) commands.push(`git switch ${shellWord(branch)}`);
  if (of("squash-fixups").length > 0)
    commands.push(`git -c sequence.editor=true rebase --interactive --autosquash ${base.revision}`);
  if (of("merge-base").length > 0) commands.push(`git merge ${base.revision}`);
  commands.push(...dropCommands(drops, base.revision));
  if (message !== undefined) commands.push(...messageCommand(message, drops.length > 0));
  else if (drops.length > 0) commands.push("git commit --amend --no-edit");
  if (changesBranch) commands.push(pushCommand(branch, steps));
  const number = pullRequestNumber(snapshot);
  const [first, ...rest] = number === null ? [] : pullRequestCommands(number, steps, snapshot);
  // Who has no `gh` leaves these lines out, so git's end by themselves.
  const byGitHub =
    first === undefined ? [] : [commands.length === 0 ? first : `test $? = 0 && ${first}`, ...rest];

  const lines = [...inChain(commands), ...inChain(byGitHub)];
  return lines.join("\n").length > LONGEST_BLOCK ? [] : lines.flatMap((line) => line.split("\n"));
}

function short(sha: string): string {
  return sha.slice(0, 12);
}

function inChain(commands: readonly string[]): readonly string[] {
  return commands.map((command, i) => (i === commands.length - 1 ? command : chained(command)));
}

/** The next command runs only if this one did its work; a here-document's body comes after its line. */
function chained(command: string): string {
  const end = command.includes("<<'") ? command.indexOf("\n") : command.length;
  return `${command.slice(0, end)} &&${command.slice(end)}`;
}

/** How the base is fetched and named then: a fork's own remote does not have it. */
function baseOf({ pullRequest, repository }: PullRequestSnapshot): { fetch: string; revision: string } {
  const { ref } = pullRequest.base;
  return pullRequest.fork
    ? { fetch: `git fetch ${shellWord(repository.url)} ${shellWord(ref)}`, revision: "FETCH_HEAD" }
    : { fetch: "git fetch origin", revision: shellWord(`origin/${ref}`) };
}

/** Paths are foreign text: quoted for the shell, and literal for git (`:(top)*` is a pattern otherwise). */
function dropCommands(drops: readonly Step<"drop-files">[], base: string): readonly string[] {
  const paths = (of: "restored" | "removed"): readonly string[] =>
    [...new Set(drops.flatMap((drop) => drop[of]))].slice(0, MOST_PATHS).map(shellPath);
  const restored = paths("restored");
  const removed = paths("removed");
  return [
    ...(restored.length === 0
      ? []
      : [`git --literal-pathspecs checkout "$(git merge-base HEAD ${base})" -- ${restored.join(" ")}`]),
    ...(removed.length === 0 ? [] : [`git --literal-pathspecs rm --quiet -- ${removed.join(" ")}`]),
  ];
}

/** In a quoted here-document any text may be filled in: apostrophes, `$`, backticks. */
function messageCommand({ lines, amend }: Step<"write-message">, dropped: boolean): readonly string[] {
  const text = lines.flatMap((line) => line.split(/\r\n|\r|\n/)).map(visible);
  let end = "MESSAGE";
  while (text.includes(end)) end += "_";
  // What was dropped goes into the head commit, whichever commit has the message.
  const first = !amend && dropped ? ["git commit --amend --no-edit"] : [];
  return [
    ...first,
    [`git commit ${amend ? "--amend" : "--allow-empty"} --file - <<'${end}'`, ...text, end].join("\n"),
  ];
}

/** What is shown is what is run: control and invisible characters are left out. */
function visible(line: string): string {
  return line.replace(/\t/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "");
}

function pushCommand(branch: string, steps: readonly FixStep[]): string {
  const has = (...kinds: readonly FixStep["kind"][]): boolean =>
    steps.some(({ kind }) => kinds.includes(kind));
  if (has("rename-branch")) return `git push --set-upstream origin ${shellWord(branch)}`;
  const amends = steps.some((step) => step.kind === "write-message" && step.amend);
  const rewrites = amends || has("rebuild-branch", "squash-branch", "squash-fixups", "drop-files");
  return `git push ${rewrites ? "--force-with-lease " : ""}origin ${shellWord(branch)}`;
}

function pullRequestCommands(
  number: number,
  steps: readonly FixStep[],
  { pullRequest: { base, labels, assignees, reviewers } }: PullRequestSnapshot,
): readonly string[] {
  const find = <K extends FixStep["kind"]>(kind: K) =>
    steps.find((step): step is Step<K> => step.kind === kind);
  const rename = find("rename-branch");
  const target = find("change-base")?.base ?? base.ref;
  const title = find("retitle")?.title;
  if (rename === undefined) {
    const edits = [
      ...(title === undefined ? [] : [`--title ${shellWord(title)}`]),
      ...(find("change-base") === undefined ? [] : [`--base ${shellWord(target)}`]),
    ];
    return edits.length === 0 ? [] : [`gh pr edit ${number} ${edits.join(" ")}`];
  }
  const read = (fields: string, jq: string): string =>
    `"$(gh pr view ${number} --json ${fields} --jq '${jq}')"`;
  const newTitle =
    title !== undefined
      ? shellWord(title)
      : find("write-message") !== undefined
        ? '"$(git log -1 --format=%s)"'
        : read("title", ".title");
  return [
    [
      `gh pr create --base ${shellWord(target)} --head ${shellWord(rename.branch)} --title ${newTitle} \\\n `,
      `--body ${read("body", ".body")}`,
      // Approvals are of the old head: their labels would be taken off again.
      ...listArgument(
        "label",
        labels.filter((name) => !name.startsWith("approved:")),
      ),
      ...listArgument("assignee", assignees),
      ...listArgument("reviewer", reviewers),
    ].join(" "),
    `gh pr close ${number}`,
  ];
}

/** An option whose value is a list with commas; nothing where the list is empty. */
function listArgument(option: string, values: readonly string[] = []): readonly string[] {
  const kept = values.filter((value) => !/[",]/.test(value));
  return kept.length === 0 ? [] : [`--${option} ${shellWord(kept.join(","))}`];
}
