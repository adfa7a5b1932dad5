import type { PhrasingContent, RootContent } from "mdast";
import type { Happening } from "../../policy/landing/after-merge.ts";
import type { FailedCheck } from "../../policy/landing/ci.ts";
import type { Missing } from "../../policy/post-mortem/completeness.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { ItemReminder } from "../../policy/post-mortem/item-reminders.ts";
import type { Reminder } from "../../policy/post-mortem/reminders.ts";
import type { Checks, VerificationDue } from "../../policy/post-mortem/verification.ts";
import { bold, html, type Inline, inline, link, list, listed, p } from "../text/markdown.ts";
import { hiddenMarker } from "../text/marker.ts";
import { code, prose } from "../text/neutralize.ts";
import { BODY_LIMIT, fitted } from "../text/size.ts";
import { duration, time } from "../text/time.ts";
import { CHECKS } from "./words.ts";

/** A comment on a post-mortem issue; the marker makes it one. */
export interface PostMortemNotice {
  readonly marker: string;
  readonly body: string;
}

/** Why a post-mortem that was closed is reopened. `closedAt` tells this closing from others. */
export function renderReopened(
  missing: readonly Missing[],
  closedAt: string,
  { by, overrideRoles }: { readonly by: string | null; readonly overrideRoles: readonly string[] },
): PostMortemNotice {
  const nodes = [
    p(
      "🔁 ",
      bold("Reopened:"),
      " this post-mortem was closed",
      by === null ? "" : inline(" by ", code(by)),
      " but isn't complete yet. Still missing:",
    ),
    list(missing.map(missingItem)),
    p(
      "Edit the text above, then close it again. To close it unfinished, someone with the role ",
      listed(
        overrideRoles.map((role) => code(role)),
        "or",
      ),
      " can comment ",
      code("/hotfix override post-mortem <reason>"),
      ".",
    ),
  ];
  return once(hiddenMarker("reopened", closedAt), nodes);
}

/** A post-mortem that is closed unfinished again and again: those who can act are told, once. */
export function renderLeftClosed(
  missing: readonly Missing[],
  closedAt: string,
  {
    by,
    due,
    againAt,
    calls,
  }: {
    readonly by: string | null;
    readonly due: string;
    readonly againAt: string;
    readonly calls: readonly PhrasingContent[];
  },
): PostMortemNotice {
  const nodes = [
    p(
      ...calls.flatMap((who): Inline[] => [who, " "]),
      "⚠️ ",
      bold("Repeatedly closed unfinished,"),
      " last",
      by === null ? "" : inline(" by ", code(by)),
      " ",
      time(closedAt),
      ". It still counts as open (due ",
      time(due),
      ") and will be reopened after ",
      time(againAt),
      ". ",
      bold("Next:"),
      " fill in what is still missing above, then close it again:",
    ),
    list(missing.slice(0, SHOWN).map(missingItem)),
  ];
  return once(hiddenMarker("left-closed", closedAt), nodes);
}

/**
 * A post-mortem that is gone or could not be opened: told on the pull request, once. `what` names the issue
 * or the reason.
 */
export function renderLost(
  text: readonly PhrasingContent[],
  key: string,
  calls: readonly PhrasingContent[],
): PostMortemNotice {
  return once(hiddenMarker("lost", key), [p(...calls.flatMap((who): Inline[] => [who, " "]), ...text)]);
}

/** What a reminder says, and to whom. */
export interface ReminderContext {
  readonly due: string;
  readonly missing: readonly Missing[];
  /** Who is called; empty: nobody. */
  readonly calls: readonly PhrasingContent[];
  /** It is told to the manager now, by this name; `null`: not this time. */
  readonly escalatedTo: readonly string[] | null;
}

/** A reminder: how long there is, or how late it is, and what is missing. */
export function renderReminder(
  { id, left }: Reminder,
  { due, missing, calls, escalatedTo }: ReminderContext,
): PostMortemNotice {
  const when: Inline =
    left > 0
      ? inline("⏰ ", bold(`Due in ${duration(left)}`), ": complete this post-mortem by ", time(due), ".")
      : left === 0
        ? inline("⏰ ", bold("Due now"), ", ", time(due), ": complete this post-mortem.")
        : inline("⏰ ", bold(`${duration(left)} overdue`), ": this post-mortem was due ", time(due), ".");
  const nodes: RootContent[] = [
    p(...calls.flatMap((who): Inline[] => [who, " "]), when),
    ...(missing.length === 0
      ? [p("Nothing is missing: close this issue.")]
      : [p("Still missing:"), list(missing.slice(0, SHOWN).map(missingItem))]),
    ...(missing.length > SHOWN ? [p(`And ${missing.length - SHOWN} more.`)] : []),
    ...(escalatedTo === null
      ? []
      : [
          p(
            "Escalated to ",
            listed(
              escalatedTo.map((role) => code(role)),
              "and",
            ),
            ": please make sure someone has time to finish it.",
          ),
        ]),
  ];
  const marker = hiddenMarker("reminder", id);
  const also = escalatedTo === null ? [] : [html(hiddenMarker("escalated", id))];
  return { marker, body: fitted(nodes, BODY_LIMIT, [...also, html(marker)]) };
}

/** Checks failed on the commit that landed, and have not passed since. */
export function renderCiFailed(
  failed: readonly FailedCheck[],
  { sha, base }: { readonly sha: string; readonly base: string },
  calls: readonly PhrasingContent[],
): PostMortemNotice {
  const nodes = [
    p(
      ...calls.flatMap((who): Inline[] => [who, " "]),
      "🔴 ",
      bold("CI failed after the merge,"),
      " on ",
      code(sha.slice(0, 7)),
      " of ",
      code(base),
      ":",
    ),
    list(failed.map(({ name, at, url }) => [link(url, code(name, 100)), ", ", time(at)])),
    p("Fix it forward, or comment ", code("/hotfix rollback"), " for the commands to roll back."),
  ];
  return once(hiddenMarker("ci-failed", sha), nodes);
}

/**
 * Action items whose day comes or has come, each with who is to do it: one comment for all of them, with
 * a marker for each.
 */
export function renderItemsDue(
  items: readonly { readonly reminder: ItemReminder; readonly calls: readonly PhrasingContent[] }[],
): PostMortemNotice {
  const one = items.length === 1;
  const nodes = [
    p(
      "⏰ ",
      bold(one ? "Action item due:" : "Action items due:"),
      one ? " tick it above once it's done." : " tick each above once it's done.",
    ),
    list(
      items.map(({ reminder: { item, left }, calls }) => [
        ...calls.flatMap((who): Inline[] => [who, " "]),
        code(item.text, 200),
        ": ",
        bold(`due ${item.due}`),
        left > 0 ? `, in ${duration(left)}` : "",
      ]),
    ),
  ];
  const [first = "", ...others] = items.map(({ reminder }) => hiddenMarker("action-item", reminder.key));
  return { marker: first, body: fitted(nodes, BODY_LIMIT, [first, ...others].map(html)) };
}

/** What a request to verify a deployment says, and to whom. */
export interface VerificationContext {
  readonly deployed: Happening;
  /** Milliseconds since the deployment. */
  readonly since: number;
  /** The checklists of the kinds of issue that this is. */
  readonly kinds: PostMortemFacts["checklists"];
  /** Who is called; empty: nobody. */
  readonly calls: readonly PhrasingContent[];
}

/** The deployment is to be verified: what to check now. */
export function renderVerification(
  { reminder, checks }: VerificationDue,
  { deployed, since, kinds, calls }: VerificationContext,
): PostMortemNotice {
  const own = kinds.flatMap(({ items }): Inline[][] => items.map((item) => [prose(item)]));
  const lists: Readonly<Record<Checks, RootContent[]>> = {
    immediate: [p(bold("First:")), list([...CHECKS.immediate, ...own])],
    "short-term": [p(bold("After 1 hour:")), list(CHECKS["short-term"])],
  };
  const where = deployed.detail === "" ? "" : inline(" to ", code(deployed.detail));
  const nodes = [
    p(
      ...calls.flatMap((who): Inline[] => [who, " "]),
      "🔎 ",
      bold("Check production now."),
      " The fix was deployed",
      where,
      ` ${duration(since)} ago, `,
      time(deployed.at),
      ".",
    ),
    ...checks.flatMap((each) => lists[each]),
    p(
      "If the fix works, comment ",
      code("/hotfix verified"),
      " to stop these reminders. If it doesn't, comment ",
      code("/hotfix rollback"),
      " for the commands to roll back.",
    ),
  ];
  return once(hiddenMarker("verify", reminder.id), nodes);
}

const SHOWN = 12;

function once(marker: string, nodes: readonly RootContent[]): PostMortemNotice {
  return { marker, body: fitted(nodes, BODY_LIMIT, [html(marker)]) };
}

/** One thing that is missing, in a line. The post-mortem's text is people's own. */
function missingItem(one: Missing): Inline[] {
  switch (one.kind) {
    case "placeholders":
      return [
        section(one.section),
        ": fill in ",
        listed(
          one.what.map((what) => prose(what, 100)),
          null,
          6,
        ),
      ];
    case "empty-section":
      return [section(one.section), ": the section is missing or empty"];
    case "empty-label":
      return [section(one.section), ": nothing after ", prose(one.label, 100)];
    case "action-item":
      return [
        "Action item ",
        code(one.text, 100),
        " has no ",
        ...one.lacks.flatMap((what, i): Inline[] => [
          i === 0 ? "" : " and no ",
          what === "assignee"
            ? inline("owner (", code("@name"), ")")
            : inline("due date (such as ", code("2025-10-15"), ")"),
        ]),
      ];
    case "owed-review":
      return ["Outstanding review: no other engineer has approved the hotfix in a review yet"];
    case "back-merge":
      return ["Back-merge: the hotfix isn't in ", code(one.branch), " yet"];
  }
}

function section(title: string): Inline {
  return title === "" ? "The beginning" : bold(prose(title, 100));
}
