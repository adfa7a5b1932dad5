import type { PhrasingContent, RootContent } from "mdast";
import { POST_MORTEM } from "../../policy/command.ts";
import type { UnfreezeRefusal } from "../../policy/freeze.ts";
import type { CommandRefusal } from "../../policy/post-mortem/commands.ts";
import { RULES } from "../../policy/rules/registry.ts";
import type { Override, RefusedOverride } from "../../policy/verdict.ts";
import { html, type Inline, inline, link, listed, p, plain } from "../text/markdown.ts";
import { hiddenMarker } from "../text/marker.ts";
import { code, prose } from "../text/neutralize.ts";
import { BODY_LIMIT, fitted } from "../text/size.ts";
import { COMMAND_HELP, commandTable } from "./commands.ts";
import { overrideRefusal } from "./refusals.ts";
import { type RollbackPlan, rollbackCommands } from "./rollback-commands.ts";

/** What is answered to a command. Words of the comment are foreign text. */
export type Answer =
  /** `freezes`: the configuration has a freeze, which can be ended. */
  | { readonly kind: "help"; readonly freezes?: boolean }
  | {
      readonly kind: "unknown";
      readonly word: string;
      readonly nearest: string | null;
      readonly freezes?: boolean;
    }
  | {
      readonly kind: "invalid-override";
      readonly problem: "missing-rule" | "unknown-rule" | "missing-reason";
      readonly rule: string;
      readonly nearest: string | null;
    }
  | { readonly kind: "override-accepted"; readonly override: Override }
  | {
      readonly kind: "override-refused";
      readonly override: RefusedOverride;
      /** Roles whose holders may override. */
      readonly roles: readonly string[];
    }
  /** Nothing to roll back: the pull request is not merged, or is no hotfix. */
  | { readonly kind: "nothing-to-roll-back"; readonly merged: boolean }
  /** `tell`: who is called, besides being shown the commands. */
  | { readonly kind: "rollback"; readonly rollback: RollbackPlan; readonly tell?: readonly PhrasingContent[] }
  /** A command after the merge that is not counted, and why. */
  | {
      readonly kind: "not-counted";
      readonly command: "verified" | "rollback" | "override-post-mortem";
      readonly refusal: CommandRefusal;
      readonly roles: readonly string[];
      readonly postMortem: PostMortemLink | null;
    }
  | { readonly kind: "post-mortem-overridden"; readonly by: string; readonly reason: string }
  /** `over`: it is merged; `not-configured`: the configuration freezes nothing. */
  | { readonly kind: "nothing-frozen"; readonly why: "over" | "not-configured" }
  | {
      readonly kind: "unfreeze-refused";
      readonly by: string | null;
      readonly refusal: UnfreezeRefusal;
      /** Roles whose holders may. */
      readonly roles: readonly string[];
    }
  | { readonly kind: "unfrozen"; readonly base: string; readonly by: string; readonly reason: string }
  /** Rules are not overridden any more once it is merged; before, on the pull request only. */
  | { readonly kind: "too-late"; readonly merged: boolean }
  | {
      readonly kind: "verified";
      readonly merged: boolean;
      readonly postMortem: PostMortemLink | null;
    };

/** A post-mortem to be linked to. */
export interface PostMortemLink {
  readonly number: number;
  readonly url: string;
}

const OVERRIDE_POST_MORTEM = `/hotfix override ${POST_MORTEM} <reason>`;

function onPostMortem(): RootContent {
  return p("On a post-mortem issue, ", code(OVERRIDE_POST_MORTEM), " closes it unfinished (logged).");
}

const OVERRIDABLE = RULES.filter(({ meta }) => meta.overridable).map(({ meta }) => meta.id);

/** The hidden marker of the answer to a comment. */
export function answerMarker(commentId: number): string {
  return hiddenMarker("answer", `${commentId}`);
}

/** The answer to the command in a comment; the marker, made from the comment's id, makes it one answer. */
export function renderAnswer(
  answer: Answer,
  commentId: number,
): { readonly marker: string; readonly body: string } {
  const marker = answerMarker(commentId);
  return { marker, body: fitted(nodesOf(answer), BODY_LIMIT, [html(marker)]) };
}

type Of<K extends Answer["kind"]> = Extract<Answer, { kind: K }>;

/** What is said, by kind of answer. */
const TEXTS: { readonly [K in Answer["kind"]]: (answer: Of<K>) => RootContent[] } = {
  help: ({ freezes }) => [
    p("Start a line of a new comment with one of these:"),
    commandTable([], freezes),
    onPostMortem(),
  ],
  unknown: ({ word, nearest, freezes }) => [
    p("Unknown command ", code(word), ".", meant(nearest, "/hotfix ")),
    commandTable([], freezes),
    onPostMortem(),
  ],
  "invalid-override": invalidOverride,
  "override-accepted": overrideAccepted,
  "override-refused": overrideRefused,
  "nothing-to-roll-back": ({ merged }) => [
    p(
      merged
        ? "Nothing to roll back: this wasn't a hotfix."
        : "Nothing to roll back: not merged yet. To drop it, close the pull request.",
    ),
  ],
  rollback: ({ rollback, tell = [] }) => [
    ...(tell.length === 0
      ? []
      : [p("↩️ ", ...tell.flatMap((who): Inline[] => [who, " "]), "a rollback was requested.")]),
    ...rollbackCommands(rollback),
  ],
  "not-counted": (answer) => [notCounted(answer)],
  "post-mortem-overridden": ({ by, reason }) => [
    p("☑️ This post-mortem is closed unfinished (logged): overridden by ", code(by), "."),
    p("Reason: ", prose(reason)),
  ],
  "too-late": ({ merged }) => [
    p(
      merged
        ? "Nothing was overridden: it is already merged. The post-mortem lists the rules that were failing."
        : "Nothing was overridden: override rules on the pull request, not here.",
    ),
  ],
  verified,
  "nothing-frozen": ({ why }) => [
    p(
      why === "over"
        ? "Nothing is frozen: a freeze ends with the merge."
        : inline("Nothing is frozen: the configuration has no ", code("freeze"), " that is enforced."),
    ),
  ],
  "unfreeze-refused": unfreezeRefused,
  unfrozen: ({ base, by, reason }) => [
    p(
      "☑️ Unfrozen by ",
      code(by),
      ": ordinary pull requests to ",
      code(base),
      " no longer wait for this hotfix.",
    ),
    p("Reason: ", prose(reason)),
    p("Recorded in the post-mortem."),
  ],
};

function nodesOf<K extends Answer["kind"]>(answer: Of<K> & { readonly kind: K }): RootContent[] {
  return TEXTS[answer.kind](answer);
}

function verified({ merged, postMortem }: Of<"verified">): RootContent[] {
  if (!merged)
    return [p("Not recorded: it isn't merged yet. Comment again once the fix works in production.")];
  const where: Inline =
    postMortem === null
      ? "the post-mortem"
      : inline("the post-mortem ", link(postMortem.url, plain(`#${postMortem.number}`)));
  return [p("✅ Recorded: verified in production. Add what was checked to ", where, ".")];
}

function overrideAccepted({ override }: Of<"override-accepted">): RootContent[] {
  const { rule, by, reason, commentUrl } = override;
  return [
    p(
      "☑️ The rule ",
      code(rule),
      " is overridden for the current commits: ",
      link(commentUrl, "override"),
      " by ",
      code(by),
      ".",
    ),
    p("Reason: ", prose(reason)),
    p("Expires on the next push; recorded in the check and the post-mortem."),
  ];
}

function unfreezeRefused({ by, refusal, roles }: Of<"unfreeze-refused">): RootContent[] {
  const { found } = overrideRefusal(refusal);
  const holders = listed(
    roles.map((role) => code(role)),
    "or",
  );
  return [
    p(
      "❌ Still frozen: the comment",
      by === null ? "" : inline(" by ", code(by)),
      ` was not counted: ${found}.`,
    ),
    p("Comment again: ", code(COMMAND_HELP.unfreeze[0])),
    roles.length === 0
      ? p(
          "No one can end a freeze: ",
          code("overrides.roles"),
          " is empty. It ends when this is merged or closed.",
        )
      : p("Who can: holders of ", holders, " with write access."),
  ];
}

function invalidOverride(answer: Of<"invalid-override">): RootContent[] {
  if (answer.rule === POST_MORTEM)
    return [
      p("The post-mortem stays open: the comment gives no reason."),
      p("Comment again: ", code(OVERRIDE_POST_MORTEM)),
    ];
  const rules = OVERRIDABLE.map((id) => code(id));
  return [
    p(whyInvalid(answer)),
    p("Comment again: ", code(COMMAND_HELP.override[0])),
    p("Rules that can be overridden: ", listed(rules, "and", rules.length), "."),
  ];
}

const WHAT = {
  verified: "Not recorded as verified",
  rollback: "The rollback request was not recorded",
  "override-post-mortem": "The post-mortem stays open",
};

function notCounted({ command, refusal, roles, postMortem }: Of<"not-counted">): RootContent {
  const why: Record<CommandRefusal, Inline> = {
    edited: "the comment was edited. Post a new one",
    "no-write-access": "only people with write access to this repository can do this",
    "not-in-role": inline(
      "only holders of ",
      listed(
        roles.map((role) => code(role)),
        "or",
      ),
      " can override this",
    ),
    "not-here":
      postMortem === null
        ? "there is no post-mortem"
        : inline("write it in the post-mortem, ", link(postMortem.url, plain(`#${postMortem.number}`))),
  };
  return p(`❌ ${WHAT[command]}: `, why[refusal], ".");
}

function meant(nearest: string | null, before = ""): Inline {
  return nearest === null ? "" : inline(" Did you mean ", code(`${before}${nearest}`), "?");
}

function whyInvalid({ problem, rule, nearest }: Of<"invalid-override">): Inline {
  if (problem === "missing-rule") return "Nothing was overridden: the comment names no rule.";
  if (problem === "missing-reason")
    return inline("Nothing was overridden: the comment gives no reason for ", code(rule), ".");
  return inline("Nothing was overridden: there is no rule ", code(rule), ".", meant(nearest));
}

function overrideRefused({ override, roles }: Of<"override-refused">): RootContent[] {
  const { rule, by, code: reason } = override;
  const { found, fix } = overrideRefusal(reason);
  const nodes: RootContent[] = [
    p(
      "❌ The override of ",
      code(rule),
      by === null ? "" : inline(" by ", code(by)),
      ` was not counted: ${found}.`,
    ),
  ];
  if (fix !== "") nodes.push(p(`Fix: ${fix}.`));
  if (roles.length > 0)
    nodes.push(
      p(
        "Who may override: holders of ",
        listed(
          roles.map((role) => code(role)),
          "or",
        ),
        " who didn't work on this hotfix.",
      ),
    );
  return nodes;
}
