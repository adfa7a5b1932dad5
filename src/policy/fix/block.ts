import type { PullRequestSnapshot } from "../snapshot.ts";
import { shellPath, shellWord } from "../text/shell.ts";
import type { RuleFinding, Verdict } from "../verdict.ts";
import { inChain } from "./chain.ts";
import { pullRequestCommand } from "./pull-request-commands.ts";
import { type LocalClone, localRemotes, type Remotes, remotesOf } from "./remotes.ts";
import type { FixStep } from "./steps.ts";
import { exactArguments } from "./windows.ts";

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
 * All of the steps as one command, in the order in which git can do them, for bash, zsh and Git for Windows:
 * it is read as a whole before anything runs, stops at the first that fails, and pushes once. The new pull
 * request is there before the old one is closed. Empty: nothing that git can do, or more than anybody would
 * read. `clone`: the clone that it is for, where that is this one.
 */
export function fixBlock(
  steps: readonly FixStep[],
  snapshot: PullRequestSnapshot,
  clone?: LocalClone,
): readonly string[] {
  const remotes = clone === undefined ? remotesOf(snapshot) : localRemotes(clone);
  const changesBranch = steps.some(({ kind }) => kind !== "retitle" && kind !== "change-base");
  const commands = changesBranch ? branchCommands(steps, snapshot, remotes) : [];
  const byGitHub = pullRequestCommand(steps, snapshot, changesBranch);
  const lines = inChain([...commands, ...(byGitHub === null ? [] : [byGitHub])]);
  return lines.join("\n").length > LONGEST_BLOCK ? [] : lines.flatMap((line) => line.split("\n"));
}

function branchCommands(
  steps: readonly FixStep[],
  { pullRequest: { head, fork } }: PullRequestSnapshot,
  remotes: Remotes,
): readonly string[] {
  const of = <K extends FixStep["kind"]>(kind: K): readonly Step<K>[] =>
    steps.filter((step): step is Step<K> => step.kind === kind);
  const [rename] = of("rename-branch");
  const [rebuild] = of("rebuild-branch");
  const [squash] = of("squash-branch");
  const [message] = of("write-message");
  const drops = of("drop-files");
  const start = { head, branch: rename?.branch ?? null, fork, pushed: remotes.pushed };
  const commands = [...remotes.fetch];
  if (rebuild !== undefined || squash !== undefined) {
    commands.push(anewCommand(start, remotes.base));
    if (rebuild !== undefined) commands.push(`git cherry-pick ${rebuild.commits.map(short).join(" ")}`);
    else if (squash !== undefined)
      commands.push(
        `git merge --squash ${short(squash.head)}`,
        `git commit --reuse-message=${short(squash.message)}`,
      );
  } else if (drops.length > 0)
    // What was staged would become part of the fix.
    commands.push(`git diff --cached --stat --exit-code && ${switchCommands(start).join(" &&\n")}`);
  else commands.push(...switchCommands(start));
  if (of("squash-fixups").length > 0)
    commands.push(`git -c sequence.editor=true rebase --interactive --autosquash ${remotes.base}`);
  if (of("merge-base").length > 0) commands.push(`git merge --no-edit ${remotes.base}`);
  commands.push(...dropCommands(drops, remotes.base));
  if (message !== undefined) commands.push(...messageCommand(message, drops.length > 0));
  else if (drops.length > 0) commands.push("git commit --amend --no-edit");
  return [...commands, ...pushCommands(steps, start, remotes)];
}

function short(sha: string): string {
  return sha.slice(0, 12);
}

/** Where the work begins. */
interface Start {
  readonly head: PullRequestSnapshot["pullRequest"]["head"];
  /** The new branch; `null`: it keeps its name. */
  readonly branch: string | null;
  readonly fork: boolean;
  readonly pushed: boolean;
}

/**
 * At the head that was evaluated, whatever the clone has: a local branch that is behind is brought forward,
 * and one with other commits is left alone. A fork's branch may be called anything here, so it gets none.
 */
function switchCommands({ head, branch, fork, pushed }: Start): readonly string[] {
  const sha = short(head.sha);
  if (branch !== null) return [`git switch --no-track --create ${shellWord(branch)} ${sha}`];
  const name = shellWord(head.ref);
  if (!pushed) return [`git switch ${name}`];
  if (fork) return [`git switch --detach ${sha}`];
  return [
    `{ git switch --no-guess ${name} || git switch --no-track --create ${name} ${sha}; }`,
    `git merge --ff-only ${sha}`,
  ];
}

function anewCommand({ head, branch, fork }: Start, base: string): string {
  if (branch !== null) return `git switch --no-track --create ${shellWord(branch)} ${base}`;
  return fork
    ? `git switch --detach ${base}`
    : `git switch --no-track --force-create ${shellWord(head.ref)} ${base}`;
}

/** Paths are foreign text: quoted for the shell, and literal for git (`:(top)*` is a pattern otherwise). */
function dropCommands(drops: readonly Step<"drop-files">[], base: string): readonly string[] {
  const paths = (of: "restored" | "removed"): readonly string[] =>
    [...new Set(drops.flatMap((drop) => drop[of]))].slice(0, MOST_PATHS);
  const restored = paths("restored");
  const removed = paths("removed");
  const git = (command: string, files: readonly string[]): readonly string[] =>
    files.length === 0
      ? []
      : [exactArguments(`git --literal-pathspecs ${command} -- ${files.map(shellPath).join(" ")}`, files)];
  return [
    ...git(`checkout "$(git merge-base HEAD ${base})"`, restored),
    ...git("rm --quiet --ignore-unmatch", removed),
  ];
}

/** In a quoted here-document any text may be filled in: apostrophes, `$`, backticks. */
function messageCommand({ lines, amend }: Step<"write-message">, dropped: boolean): readonly string[] {
  const text = lines.flatMap((line) => line.split(/\r\n|\r|\n/)).map(visible);
  let end = "MESSAGE";
  while (text.includes(end)) end += "_";
  // What was dropped goes into the head commit, whichever commit has the message.
  const first = !amend && dropped ? ["git commit --amend --no-edit"] : [];
  // Without files to drop, what happens to be staged stays out of it.
  const how = `${amend ? "--amend" : "--allow-empty"}${dropped && amend ? "" : " --only"}`;
  return [...first, [`git commit ${how} --file - <<'${end}'`, ...text, end].join("\n")];
}

/** What is shown is what is run: control and invisible characters are left out. */
function visible(line: string): string {
  return line.replace(/\t/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "");
}

/** A branch that is written anew is written over only while it is what was evaluated. */
function pushCommands(
  steps: readonly FixStep[],
  { head, branch, fork, pushed }: Start,
  { push }: Remotes,
): readonly string[] {
  if (push === null) return [];
  if (branch !== null) return [`git push --set-upstream ${push} ${shellWord(branch)}`];
  const name = shellWord(head.ref);
  const rewrites = steps.some(
    (step) =>
      (step.kind === "write-message" && step.amend) ||
      ["rebuild-branch", "squash-branch", "squash-fixups", "drop-files"].includes(step.kind),
  );
  const lease = rewrites ? `--force-with-lease${pushed ? `=${name}:${short(head.sha)}` : ""} ` : "";
  return [
    `git push ${lease}${push} ${fork && pushed ? `HEAD:${shellWord(`refs/heads/${head.ref}`)}` : name}`,
  ];
}
