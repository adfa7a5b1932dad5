import type { RootContent } from "mdast";
import type { FrozenFor } from "../../policy/snapshot.ts";
import { bold, link, p, plain } from "../text/markdown.ts";
import { code } from "../text/neutralize.ts";

/** What a check has to wait for, and who may end that. */
export interface Frozen {
  readonly hotfix: FrozenFor;
  /** Roles whose holders may end it. */
  readonly roles: readonly string[];
  /** A merge group that stands in the hotfix's way: it is given up instead of being kept waiting. */
  readonly inTheWay?: true;
}

/** The title and conclusion of a check that waits for a freeze to end. */
export function frozenOutcome({ hotfix, inTheWay }: Frozen) {
  return inTheWay === true
    ? {
        conclusion: "action_required" as const,
        title: `Removed from the queue: queue it again once #${hotfix.number} is merged or closed`,
      }
    : { conclusion: null, title: `Frozen for #${hotfix.number} until it is merged or closed` };
}

/** The hotfix that a check of this title waits for; `null`: it waits for none. */
export function frozenNumber(title: string): number | null {
  const number = /^Frozen for #(\d{1,12}) /.exec(title)?.[1];
  return number === undefined ? null : Number(number);
}

/** What is said of it: what it waits for, that nothing is wrong, and how to end it. */
export function frozenSection({ hotfix, roles, inTheWay }: Frozen): RootContent[] {
  const which = link(hotfix.url, plain(`#${hotfix.number}`));
  const lead =
    inTheWay === true
      ? p(
          bold("Next:"),
          " queue it again once the hotfix ",
          which,
          " is merged or closed. It stood ahead of the hotfix in the merge queue.",
        )
      : p(
          "Nothing to do: this waits for the hotfix ",
          which,
          ", and resumes automatically once it is merged or closed.",
        );
  const command = code("/hotfix unfreeze <reason>");
  return [
    lead,
    p(
      code(hotfix.base),
      " is frozen for all but hotfixes, rollbacks and back-merges. Nothing is wrong with this pull request.",
    ),
    roles.length === 0
      ? p("No one can end the freeze sooner: ", code("overrides.roles"), " is empty.")
      : p(
          "To end the freeze sooner, a holder of ",
          ...roles.flatMap((role, i) => [i === 0 ? "" : " or ", code(role)]),
          " comments ",
          command,
          " on ",
          link(hotfix.url, plain(`#${hotfix.number}`)),
          ".",
        ),
  ];
}
