import type { PhrasingContent } from "mdast";
import type { Override, RefusedApproval, RefusedOverride, Verdict } from "../policy/verdict.ts";
import { type Inline, inline, link, listed } from "./markdown.ts";
import { code, prose } from "./neutralise.ts";
import { approvalRefusal, overrideRefusal } from "./refusals.ts";
import { time } from "./time.ts";

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

/** Who could give a missing approval: "`jane` or `bob` (`engineering-manager`), `carol` (`cto`)". */
export function whoCan({ roles, holders }: Verdict["approvals"]): PhrasingContent[] {
  const parts = roles.map((role): PhrasingContent[] => {
    const people = holders[role];
    if (people === undefined || people === null)
      return inline("whoever has the repository permission that the configuration asks of ", code(role));
    const names = listed(
      people.map((login) => code(login)),
      "or",
    );
    return inline(people.length === 0 ? "nobody" : names, " (", code(role), ")");
  });
  return listed(parts, "or");
}

/** What counts, what does not and why, and who can give what is missing: the items of a list. `hints`: say how to mend it. */
export function approvalItems(approvals: Verdict["approvals"], hints = true): Inline[][] {
  const items: Inline[][] = approvals.counted.map(({ login, role, by, at }) => [
    "✅ Counts: ",
    code(login),
    " as ",
    code(role),
    `, by ${by}, `,
    time(at),
  ]);
  items.push(...approvals.refused.map((refused) => refusedApproval(refused, hints)));
  if (approvals.missing > 0) {
    items.push([
      `⏳ Still needed: ${approvals.missing}. `,
      approvals.nobodyCan
        ? "Nobody can give it as things stand: all who hold a role worked on this hotfix, or no one holds it."
        : inline("Who can: ", whoCan(approvals), "."),
    ]);
  }
  return items;
}

function refusedApproval({ login, role, by, at, code: reason }: RefusedApproval, hints: boolean): Inline[] {
  const { found, mend } = approvalRefusal(reason);
  const what = by === "label" ? inline("the label ", code(`approved:${role}`), " of ") : "the review of ";
  return [
    "❌ Does not count: ",
    what,
    person(login),
    ", ",
    time(at),
    `: ${found}.${hints ? hint(mend) : ""}`,
  ];
}

function hint(mend: string): string {
  return mend === "" ? "" : ` To mend it: ${mend}.`;
}

/** Overrides that count and that do not: the items of a list. */
export function overrideItems(counted: readonly Override[], refused: readonly RefusedOverride[]): Inline[][] {
  return [
    ...counted.map(({ rule, by, reason, at, commentUrl }): Inline[] => [
      "☑️ ",
      code(rule),
      " let pass by ",
      code(by),
      ", ",
      time(at),
      ", ",
      link(commentUrl, "comment"),
      ": ",
      prose(reason),
    ]),
    ...refused.map(({ rule, by, code: reason }): Inline[] => {
      const { found, mend } = overrideRefusal(reason);
      return ["❌ Does not count: override of ", code(rule), " by ", person(by), `: ${found}.${hint(mend)}`];
    }),
  ];
}
