import type { PhrasingContent, RootContent } from "mdast";
import type { Happening } from "../../policy/landing/after-merge.ts";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PostMortemEnd } from "../../policy/post-mortem/decide.ts";
import { responseTime } from "../../policy/response-time.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import { bold, details, type Inline, inline, link, p, plain } from "../text/markdown.ts";
import { code, codeBlock } from "../text/neutralize.ts";
import { duration, time } from "../text/time.ts";
import { closedNote } from "./deployed-early.ts";
import type { StatusContext } from "./status-comment-parts.ts";
import { dueOf, postMortemNote } from "./status-comment-parts.ts";
import { completeUpdate, deployedUpdate, EXTERNAL_RESOLVED, knownFor } from "./templates.ts";

/**
 * The status comment of a pull request that is merged, closed or no hotfix any more: what is left to be done.
 */
export function renderOver(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  context: StatusContext,
): RootContent[] {
  const { merged } = snapshot.pullRequest;
  if (merged === null) return unmerged(snapshot, verdict, policy, context);
  const at = inline(time(merged.at), merged.by === null ? "" : inline(" by ", code(merged.by.login)));
  if (verdict.kind === "rollback")
    return [
      p("Verify the rollback in production, and record it in the hotfix's post-mortem."),
      p("Merged ", at, "."),
    ];
  const { postMortem, after } = context;
  if (postMortem && "number" in postMortem && postMortem.end !== undefined)
    return [lastWord(postMortem, postMortem.end), p("Merged ", at, ".")];
  const due = dueOf(earlyOf(snapshot)?.at ?? merged.at, policy);
  const rolledBack = after?.rolledBack.known ? after.rolledBack.value : null;
  const stands = rolledBack === null;
  return [
    p(...nextStep(context, due, rolledBack)),
    p("Merged ", at, ".", responded(snapshot, verdict, policy)),
    ...(stands ? [HOW_TO_ROLL_BACK] : []),
    ...(postMortem && "problem" in postMortem ? [p(postMortemNote(postMortem, due))] : []),
    ...(stands ? messages(snapshot, verdict, policy, { due, after }) : []),
  ];
}

/** It was closed, or is no hotfix any more; what was deployed all the same has a post-mortem. */
function unmerged(
  snapshot: PullRequestSnapshot,
  { kind }: Verdict,
  policy: Policy,
  { postMortem }: StatusContext,
): RootContent[] {
  const { state, base } = snapshot.pullRequest;
  const early = earlyOf(snapshot);
  if (early !== null && kind === "hotfix")
    return [
      closedNote(early, base.ref),
      ...(postMortem ? [p(postMortemNote(postMortem, dueOf(early.at, policy)))] : []),
    ];
  return [
    state === "closed"
      ? p("Closed without a merge: nothing to do. If it is reopened, it needs new approvals.")
      : p("Nothing to do: this is no longer a hotfix, so the hotfix procedure doesn't apply."),
  ];
}

const HOW_TO_ROLL_BACK = p(
  bold("To roll back:"),
  " press ",
  bold("Revert"),
  " below, or comment ",
  code("/hotfix rollback"),
  " for the commands.",
);

/** After the merge of a hotfix: verify it, then write the post-mortem. */
function nextStep(
  { postMortem, after }: StatusContext,
  due: string,
  rolledBack: Happening | null,
): readonly Inline[] {
  const issue: PhrasingContent[] =
    postMortem && "number" in postMortem
      ? inline("fill in the post-mortem ", link(postMortem.url, plain(`#${postMortem.number}`)))
      : inline("fill in the post-mortem", postMortem ? "" : " (it opens automatically)");
  const within = inline(" by ", time(due), ".");
  if (rolledBack !== null)
    return [
      bold("Rolled back"),
      " ",
      time(rolledBack.at),
      ": the issue is back until a new hotfix fixes it. Still ",
      issue,
      within,
    ];
  const verified = after?.verified ?? null;
  if (verified !== null)
    return [
      "Verified in production ",
      time(verified.at),
      verified.by === null ? "" : inline(" by ", code(verified.by)),
      ". Now ",
      issue,
      within,
    ];
  return ["Verify the fix in production, then comment ", code("/hotfix verified"), ". Then ", issue, within];
}

/** The procedure's messages for the moment after the merge; once it is verified they say so. */
function messages(
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
  { due, after }: { readonly due: string; readonly after: StatusContext["after"] },
): RootContent[] {
  const known = knownFor(snapshot, verdict, policy);
  const later = after?.deployed.known ? (after.deployed.value?.at ?? null) : null;
  const deployedAt = earlyOf(snapshot)?.at ?? later;
  const verified = (after?.verified ?? null) !== null;
  const team = (verified ? completeUpdate : deployedUpdate)(known, { postMortemDue: due, deployedAt });
  return [
    ...details("Team update (copy)", [codeBlock(team, "text")]),
    ...(verdict.severity === "P0"
      ? details(`Status page message (copy${verified ? "" : " once verified"})`, [
          codeBlock(EXTERNAL_RESOLVED, "text"),
        ])
      : []),
  ];
}

/** Nothing is left to be done. */
function lastWord({ number, url }: { number: number; url: string }, end: PostMortemEnd): RootContent {
  const name = link(url, plain(`#${number}`));
  if (!end.complete)
    return p("☑️ The post-mortem ", name, " was closed unfinished (logged), ", time(end.closedAt), ".");
  return p(
    "🏁 Done: the post-mortem ",
    name,
    " is complete, closed ",
    time(end.closedAt),
    end.onTime ? ", on time." : ", late.",
  );
}

/** Was the promised response time kept? */
function responded(snapshot: PullRequestSnapshot, verdict: Verdict, policy: Policy): string {
  const response = responseTime(snapshot, verdict.severity, policy);
  return response === null ? "" : ` The ${duration(response.within)} target was ${response.state}.`;
}
