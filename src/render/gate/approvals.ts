import type { PhrasingContent } from "mdast";
import type { Override, RefusedApproval, RefusedOverride, Unfreeze, Verdict } from "../../policy/verdict.ts";
import { type Inline, inline, link, listed } from "../text/markdown.ts";
import { code, prose } from "../text/neutralize.ts";
import { time } from "../text/time.ts";
import { approvalRefusal, overrideRefusal } from "./refusals.ts";

/** A person in a line: never a mention. */
export function person(login: string | null): PhrasingContent {
  return login === null ? { type: "text", value: "an account that is gone" } : code(login);
}

/** The labels that would approve: "`approved:on-call` or `approved:cto`". */
export function approvalLabels(roles: readonly string[]): PhrasingContent[] {
  return listed(
    roles.map((role) => code(`approved:${role}`)),
    "or",
  );
}

/**
 * Who could give a missing approval: "`jane` or `bob` (`on-call`), or anyone with `admin` on this repository
 * (`engineering-manager`)". Roles that nobody eligible holds are left out.
 */
export function whoCan({ roles, holders, permissions = {} }: Verdict["approvals"]): PhrasingContent[] {
  const peopleOf = (role: string): readonly string[] => holders[role] ?? [];
  const codes = (names: readonly string[], last: "or" | null): PhrasingContent[] =>
    listed(
      names.map((name) => code(name)),
      last,
    );
  const unlisted = roles.filter((role) => (holders[role] ?? null) === null);
  const levels = [...new Set(unlisted.flatMap((role) => permissions[role] ?? []))];
  const unread = unlisted.filter((role) => permissions[role] === undefined);
  const parts: Inline[] = [
    ...roles
      .filter((role) => peopleOf(role).length > 0)
      .map((role) => inline(codes(peopleOf(role), "or"), " (", code(role), ")")),
    ...levels.map((level) => {
      const those = unlisted.filter((role) => permissions[role] === level);
      return inline("anyone with ", code(level), " on this repository (", codes(those, null), ")");
    }),
    ...(unread.length > 0
      ? [inline("whoever holds ", codes(unread, "or"), " (the list could not be read)")]
      : []),
  ];
  return inline(
    ...parts.flatMap((part, i) => (i === 0 ? [part] : [i === parts.length - 1 ? ", or " : ", ", part])),
  );
}

/**
 * What counts, what does not and why, and who can give what is missing: the items of a list. `hints`: say how
 * to fix it.
 */
export function approvalItems(approvals: Verdict["approvals"], hints = true): Inline[][] {
  const items: Inline[][] = approvals.counted.map(({ login, role, by, at }) => [
    "✅ ",
    code(login),
    " as ",
    code(role),
    `, by ${by}, `,
    time(at),
  ]);
  return [...items, ...latest(approvals.refused, (refused) => refusedApproval(refused, hints))];
}

/** Of what was not counted, as much as anybody reads: the latest. */
const MOST_REFUSED = 50;

function latest<T>(all: readonly T[], item: (one: T) => Inline[]): Inline[][] {
  const older = all.length - MOST_REFUSED;
  const items = all.slice(Math.max(0, older)).map(item);
  return older <= 0 ? items : [[`${older} older ones, not counted either, are not listed.`], ...items];
}

function refusedApproval({ login, role, by, at, code: reason }: RefusedApproval, hints: boolean): Inline[] {
  const { found, fix } = approvalRefusal(reason);
  const what =
    by === "label" ? inline("the label ", code(`approved:${role}`), ", set by ") : "the review of ";
  return ["❌ Not counted: ", what, person(login), ", ", time(at), `: ${found}.${hints ? hint(fix) : ""}`];
}

function hint(fix: string): string {
  return fix === "" ? "" : ` Fix: ${fix}.`;
}

/** Whose command it was, when, where, and the reason given. */
export function wordOf({ by, at, commentUrl, reason }: Unfreeze): Inline[] {
  return [code(by), ", ", time(at), ", ", link(commentUrl, "comment"), ": ", prose(reason)];
}

/** Overrides that count and that do not: the items of a list. */
export function overrideItems(counted: readonly Override[], refused: readonly RefusedOverride[]): Inline[][] {
  return [
    ...counted.map((one): Inline[] => ["☑️ ", code(one.rule), " overridden by ", ...wordOf(one)]),
    ...latest(refused, ({ rule, by, code: reason }): Inline[] => {
      const { found, fix } = overrideRefusal(reason);
      return ["❌ Not counted: override of ", code(rule), " by ", person(by), `: ${found}.${hint(fix)}`];
    }),
  ];
}
