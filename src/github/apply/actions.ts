import type { Action, LabelDefinition } from "../../policy/action.ts";
import { openActionIssues } from "./action-issues.ts";
import { requestApproval } from "./ask.ts";
import { cancelCheckRun, upsertCheckRun } from "./check-run.ts";
import { deleteComment, postAnswer, upsertStatusComment } from "./comments.ts";
import type { ApplyContext } from "./context.ts";
import { answerDeployment } from "./deployment-review.ts";
import { postDigest } from "./digest.ts";
import { setIssueState, updateIssueBody } from "./issue.ts";
import { addLabel, ensureLabels, removeLabel } from "./labels.ts";
import { openPostMortem, type PostMortem } from "./post-mortem.ts";
import { recordPostMortem } from "./post-mortem-record.ts";
import { repeatCheckRuns } from "./repeat-check-runs.ts";

/** How an action came out, where that is more than "it is so now". */
export interface Done {
  /** A comment that was not there before. */
  readonly posted?: boolean;
  /** Opened, or found. */
  readonly postMortem?: PostMortem;
}

type DefinitionOf = (label: string) => LabelDefinition;

interface Kind<A extends Action> {
  /**
   * `verdict`: what lets a pull request be merged or a deployment go on, or stops it; one after the other,
   * before all else. `people`: what people read; side by side, each for itself. The same lanes that requests
   * take (`api/lanes.ts`).
   */
  readonly lane: "verdict" | "people";
  /** Nothing else runs beside it. Always so in the lane of the verdict. */
  readonly alone?: true;
  /** As people read it in the log: "the status comment". */
  name(action: A): string;
  /** Makes GitHub so. Applied again it does nothing new. Rejects where that fails. */
  apply(context: ApplyContext, action: A, definitionOf: DefinitionOf): Promise<Done>;
}

type Kinds = { readonly [T in Action["type"]]: Kind<Extract<Action, { type: T }>> };

const short = (sha: string): string => sha.slice(0, 7);
const posted = async (isNew: Promise<boolean>): Promise<Done> => ({ posted: await isNew });
const so = <A>(make: (context: ApplyContext, action: A) => Promise<void>) => {
  return async (context: ApplyContext, action: A): Promise<Done> => {
    await make(context, action);
    return {};
  };
};

/** Every action there is: its order (that of the lines), its lane, its name and what it does. */
const KINDS: Kinds = {
  "upsert-check-run": {
    lane: "verdict",
    name: ({ headSha }) => `the check run of ${short(headSha)}`,
    apply: so(upsertCheckRun),
  },
  "cancel-check-run": {
    lane: "verdict",
    name: ({ headSha }) => `cancelling the check run of ${short(headSha)}`,
    apply: so(cancelCheckRun),
  },
  "repeat-check-runs": {
    lane: "verdict",
    name: ({ headSha }) => `the answer to a re-run on ${short(headSha)}`,
    apply: so(repeatCheckRuns),
  },
  "answer-deployment": {
    lane: "verdict",
    name: () => "the answer to a deployment",
    apply: so(answerDeployment),
  },
  "record-post-mortem": {
    lane: "verdict",
    name: ({ sha }) => `the record of the post-mortem on ${short(sha)}`,
    apply: so(recordPostMortem),
  },
  "ensure-labels": {
    lane: "people",
    alone: true,
    name: () => "the repository's labels",
    apply: so((context, { labels }) => ensureLabels(context, labels)),
  },
  "open-post-mortem": {
    lane: "people",
    name: () => "the post-mortem issue",
    apply: async (context, { issue }, definitionOf) => ({
      postMortem: await openPostMortem(context, issue, definitionOf),
    }),
  },
  "post-answer": {
    lane: "people",
    name: () => "an answer or a notice",
    apply: (context, action) => posted(postAnswer(context, action)),
  },
  "request-approval": {
    lane: "people",
    name: () => "requesting an approval",
    apply: (context, action) => posted(requestApproval(context, action)),
  },
  "remove-label": {
    lane: "people",
    name: ({ label }) => `removing the label ${label}`,
    apply: so(removeLabel),
  },
  "add-label": {
    lane: "people",
    name: ({ label }) => `setting the label ${label}`,
    apply: async (context, action, definitionOf) => {
      await addLabel(context, action, definitionOf(action.label));
      return {};
    },
  },
  "update-issue-body": {
    lane: "people",
    name: () => "the post-mortem's body",
    apply: so(updateIssueBody),
  },
  "post-digest": {
    lane: "people",
    name: () => "the digest",
    apply: (context, action) => posted(postDigest(context, action)),
  },
  "open-action-issues": {
    lane: "people",
    alone: true,
    name: () => "the issues of action items",
    apply: so(openActionIssues),
  },
  "set-issue-state": {
    lane: "people",
    alone: true,
    name: ({ state }) => (state === "open" ? "reopening the post-mortem" : "closing the post-mortem"),
    apply: so(setIssueState),
  },
  "upsert-status-comment": {
    lane: "people",
    name: () => "the status comment",
    apply: (context, action) => posted(upsertStatusComment(context, action)),
  },
  "delete-comment": {
    lane: "people",
    name: () => "deleting a comment that is there twice",
    apply: so(deleteComment),
  },
};

const ORDER: readonly string[] = Object.keys(KINDS);

function kindOf<A extends Action>({ type }: A): Kind<A> {
  return KINDS[type] as unknown as Kind<A>;
}

/**
 * The actions in the order in which they are begun. Labels of the repository that none of them needs come
 * last: its first hotfix makes a dozen.
 */
export function inOrder(actions: readonly Action[]): readonly Action[] {
  const needed = new Set(actions.flatMap(labelsOf).map((name) => name.toLowerCase()));
  const ensure = (soon: boolean) =>
    actions.flatMap((action): Action[] => {
      if (action.type !== "ensure-labels") return [];
      const labels = action.labels.filter(({ name }) => needed.has(name.toLowerCase()) === soon);
      return labels.length === 0 ? [] : [{ ...action, labels }];
    });
  const others = actions.filter(({ type }) => type !== "ensure-labels");
  const first = [...others, ...ensure(true)];
  return [...first.toSorted((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type)), ...ensure(false)];
}

function labelsOf(action: Action): readonly string[] {
  if (action.type === "add-label") return [action.label];
  return action.type === "open-post-mortem" ? action.issue.labels : [];
}

/** Does nothing else run beside it? */
export function isAlone(action: Action): boolean {
  const { lane, alone } = kindOf(action);
  return lane === "verdict" || alone === true;
}

/** What the action writes, in words for logs and failures: "the status comment". */
export function nameOf(action: Action): string {
  return kindOf(action).name(action);
}

/** Does one action; throws what GitHub answers where it cannot. */
export function applyAction(
  context: ApplyContext,
  action: Action,
  definitionOf: DefinitionOf,
): Promise<Done> {
  return kindOf(action).apply(context, action, definitionOf);
}
