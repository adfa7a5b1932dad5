import { firstRoleHeld, writeAccess } from "../approval/roles.ts";
import { type Command, parseCommand } from "../command.ts";
import { type Fact, known, mapFact } from "../fact.ts";
import type { Happening } from "../landing/after-merge.ts";
import type { Policy } from "../policy.ts";
import type { Comment } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { isAfter } from "../time.ts";

/** Where a command stands. */
export type CommandPlace = "pull-request" | "post-mortem";

/** A command that a person wrote after the merge, and what is to be said of it. */
export interface LateCommand {
  readonly place: CommandPlace;
  readonly comment: Comment;
  readonly login: string;
  readonly command: Command;
  /** Whether it counts; unknown: the person's rights could not be read. */
  readonly counts: Fact<true | CommandRefusal>;
}

/** Why a command that was given after the merge does nothing. */
export type CommandRefusal = "edited" | "no-write-access" | "not-in-role" | "not-here";

/** What decides which comments are commands about what has landed. */
export interface CommandsInput {
  readonly comments: readonly { readonly place: CommandPlace; readonly comment: Comment }[];
  /** `null`: not merged. */
  readonly mergedAt: string | null;
  /** As `landedAt`; `null`: neither merged nor deployed. */
  readonly landedAt: string | null;
}

/**
 * Is a command on the pull request about what has landed? Others are answered as those of an open one. What
 * was deployed can be verified and rolled back before it is merged.
 */
export function isLate(
  { kind }: Command,
  { createdAt }: Pick<Comment, "createdAt">,
  { mergedAt, landedAt }: Pick<CommandsInput, "mergedAt" | "landedAt">,
): boolean {
  const since = kind === "verified" || kind === "rollback" ? landedAt : mergedAt;
  return since !== null && !isAfter(since, createdAt);
}

/** The commands about what has landed that a person wrote, oldest first. */
function written({ comments, ...times }: CommandsInput) {
  return comments
    .filter(({ comment }) => !comment.byApp)
    .flatMap(({ place, comment }) => {
      const command = comment.author?.type === "User" ? parseCommand(comment.body) : null;
      if (command === null || comment.author === null) return [];
      // A post-mortem is only there since.
      if (place === "pull-request" && !isLate(command, comment, times)) return [];
      return [{ place, comment, command, login: comment.author.login }];
    })
    .toSorted((a, b) => Date.parse(a.comment.createdAt) - Date.parse(b.comment.createdAt));
}

/** Whose permission and roles have to be read before `readCommands`. */
export function peopleOfCommands(
  input: CommandsInput,
  policy: Policy,
): readonly { login: string; access: boolean; teams: readonly string[]; profile: boolean }[] {
  return written(input).flatMap(({ login, command }) => {
    if (command.kind !== "verified" && command.kind !== "rollback" && command.kind !== "override-post-mortem")
      return [];
    const roles = command.kind === "override-post-mortem" ? policy.overrides.roles : [];
    const teams = roles.flatMap((role) => policy.roles[role]?.teams ?? []);
    return [{ login, access: true, teams: [...new Set(teams)], profile: false }];
  });
}

/** Reads the commands. Needs the people of `peopleOfCommands`. */
export function readCommands(
  input: CommandsInput,
  people: Pick<PullRequestSnapshot, "people">,
  policy: Policy,
): readonly LateCommand[] {
  return written(input).map((one) => ({ ...one, counts: weigh(one, people, policy) }));
}

function weigh(
  { command, comment, login, place }: Omit<LateCommand, "counts">,
  people: Pick<PullRequestSnapshot, "people">,
  policy: Policy,
): LateCommand["counts"] {
  if (command.kind !== "verified" && command.kind !== "rollback" && command.kind !== "override-post-mortem")
    return known(true);
  // Anyone with write access can edit a comment: an edited one is nobody's word.
  if (comment.updatedAt !== comment.createdAt) return known("edited");
  if (command.kind === "override-post-mortem") {
    if (place !== "post-mortem") return known("not-here");
    const role = firstRoleHeld(policy.overrides.roles, login, people, policy);
    if (!role.known) return role;
    if (role.value === null) return known("not-in-role");
  }
  return mapFact(writeAccess(login, people), (may) => (may ? true : "no-write-access"));
}

/** The first of a kind that counts. */
export function firstThatCounts(
  commands: readonly LateCommand[],
  kind: "verified" | "rollback" | "override-post-mortem",
): LateCommand | null {
  return (
    commands.find(({ command, counts }) => command.kind === kind && counts.known && counts.value === true) ??
    null
  );
}

/** As something that happened. */
export function happening(command: LateCommand | null): Happening | null {
  return command === null ? null : { at: command.comment.createdAt, by: command.login, detail: "" };
}
