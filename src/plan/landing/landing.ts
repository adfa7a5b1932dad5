import type { PostMortemRecord, ReconcileHint } from "../../jobs/hint.ts";
import type { ReconcileKey, RepositoryKey } from "../../jobs/key.ts";
import type { Action } from "../../policy/action.ts";
import type { Fact } from "../../policy/fact.ts";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import type { RecordPlace } from "../../policy/landing/record-places.ts";
import { writes } from "../../policy/mode.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { subjectOf } from "../../policy/post-mortem/subject.ts";
import { messageOf } from "../../policy/rules/registry.ts";
import { mergedText } from "../../render/gate/announcement.ts";
import { renderStatusComment } from "../../render/gate/status-comment.ts";
import type { PostMortemOutcome } from "../../render/gate/status-comment-parts.ts";
import { desiredPostMortem, type renderPostMortem, renderRecord } from "../../render/post-mortem/issue.ts";
import { withMarker } from "../../render/post-mortem/update.ts";
import { both, type LogLine, type Plan, POST_MORTEM_URL, plan } from "../plan.ts";
import { planLost } from "../post-mortem/lost.ts";
import { planStatusComment } from "../status-comment.ts";
import type { Landing } from "./decide.ts";

/**
 * Where the post-mortem is opened: where the configuration says, and where that cannot be, in the hotfix's
 * own repository, saying why. `visible`: is what stands there seen by nobody who does not see the hotfix?
 */
export function planOpenings(
  landing: Landing,
  facts: PostMortemFacts,
  template: Parameters<typeof renderPostMortem>[1]["template"],
  visible: Fact<boolean>,
): { readonly first: Plan; readonly otherwise: ((reason: string) => Plan) | null } {
  const { repository } = landing.policy.post_mortem;
  const here = (why?: string): Plan =>
    planOpening(
      landing,
      facts,
      template,
      null,
      ...(why === undefined ? [] : [`The configuration wants post-mortems in ${repository}, ${why}`]),
    );
  if (repository === null) return { first: here(), otherwise: null };
  if (!visible.known || !visible.value) {
    const why = visible.known ? "which more people see than this repository" : visible.reason;
    return { first: here(`${why}: so this one is here.`), otherwise: null };
  }
  return {
    first: planOpening(landing, facts, template, repository),
    otherwise: (reason) =>
      here(`where the app could not open this one: ${reason.replace(/^the post-mortem issue: /, "")}.`),
  };
}

/**
 * Opens the post-mortem. It is told outside GitHub by whoever opens it. `notice`: why it is not where the
 * configuration wants it.
 */
export function planOpening(
  { snapshot, verdict, policy }: Landing,
  facts: PostMortemFacts,
  template: Parameters<typeof renderPostMortem>[1]["template"],
  where: string | null,
  notice?: string,
): Plan {
  const issue = desiredPostMortem(facts, {
    messageOf,
    template: template ?? null,
    repository: where,
    ...(notice === undefined ? {} : { notice }),
  });
  const open: Action = { type: "open-post-mortem", issue };
  const text = mergedText(snapshot, verdict, policy, { url: POST_MORTEM_URL, due: facts.due });
  return plan({
    actions: [open],
    announcements: policy.mode === "enforce" ? [{ text, ifNew: open }] : [],
  });
}

interface OpenedIssue {
  readonly repository: string;
  readonly number: number;
  readonly url: string;
}

/** Has recorded on what landed which issue its post-mortem is. */
export function planRecord(
  facts: PostMortemFacts,
  { repository, number, url }: OpenedIssue,
  places: readonly RecordPlace[],
  here: RepositoryKey,
): Plan {
  const record = { repository, number, url, ...renderRecord(facts, { repository, number, url }) };
  return plan({ jobs: places.map((at) => ({ key: { ...here, kind: "record", ...at }, hint: { record } })) });
}

/** Records it, unless it is on record; without saying what, that is left to whoever looks at it next. */
export function planRecording(at: RecordPlace, record: PostMortemRecord | undefined): Plan {
  if (record === undefined) return plan();
  const { title, summary, ...postMortem } = record;
  return plan({ actions: [{ type: "record-post-mortem", ...at, postMortem, title, summary }] });
}

/** Has opened what a branch asks for: post-mortems of direct pushes to it, or of its own deployment. */
export function planLandings(here: RepositoryKey, ref: string, hint: ReconcileHint): Plan {
  const { headSha, formerHeads } = hint;
  const pushed = {
    ...(headSha === undefined ? {} : { headSha }),
    ...(formerHeads === undefined ? {} : { formerHeads }),
  };
  return plan({ jobs: [{ key: { ...here, kind: "landing", ref }, hint: pushed }] });
}

/** What happens from now on is decided from the issue. */
export function planHandOver(issue: ReconcileKey, log: readonly LogLine[] = []): Plan {
  return plan({ jobs: [{ key: issue, hint: {} }], log });
}

/**
 * What was deployed early is merged or pushed now: its post-mortem goes on as that one's, which its marker
 * and the commit that landed say from now on. `null`: the same commits have landed elsewhere before, and it
 * is about that.
 */
export function planContinuation(
  facts: PostMortemFacts,
  postMortem: OpenedIssue,
  at: RecordPlace,
  /** `null`: people have deleted it. */
  issue: Pick<PostMortemIssue, "number" | "body"> | null,
  here: RepositoryKey,
): { readonly issue: Plan; readonly landed: Plan } | null {
  const landed = planRecord(facts, postMortem, [at], here);
  if (issue === null) return { issue: plan(), landed };
  const subject = subjectOf(issue.body);
  if (subject !== null && subject.kind !== "branch") {
    const key = subject.kind === "push" ? subject.key : subject.number;
    if (key !== facts.key) return null;
  }
  const { number, body: from } = issue;
  const body = withMarker(from, facts);
  const update: Action = { type: "update-issue-body", number, from, body };
  return { issue: plan({ actions: body === from ? [] : [update] }), landed };
}

/**
 * The status comment after the merge, and, where there is no post-mortem to answer on, answers to commands.
 * Where it could not be opened or is gone, those who can act are told.
 */
export function planMerged(
  { snapshot, verdict, policy }: Landing,
  {
    number,
    statusComment,
    postMortem,
    answers,
    docsUrl,
  }: {
    readonly number: number;
    readonly statusComment: { readonly id: number; readonly body: string } | null;
    /** `null`: none is written where the app only observes. */
    readonly postMortem: PostMortemOutcome | null;
    readonly answers: readonly Action[];
    readonly docsUrl: string;
  },
): Plan {
  const body = renderStatusComment(snapshot, verdict, policy, { docsUrl, postMortem });
  const says = policy.communication.status_comment && writes(policy, "comment");
  const comment = says ? planStatusComment(number, body, statusComment) : [];
  if (postMortem === null || !("problem" in postMortem)) return plan({ actions: [...comment, ...answers] });
  const at = earlyOf(snapshot)?.at ?? snapshot.pullRequest.merged?.at ?? snapshot.observedAt;
  const lost = planLost(number, { snapshot, verdict, policy }, postMortem, at);
  return both(plan({ actions: [...comment, ...answers] }), lost);
}
