import type { Action } from "../../policy/action.ts";
import { describeFailure } from "../api/read.ts";
import { postAnswer } from "./comments.ts";
import type { ApplyContext } from "./context.ts";
import { ONCE } from "./create-once.ts";

/**
 * Requests reviews: the quietest way to ask, and one that shows on the pull request. GitHub refuses the whole
 * request where one of them is no collaborator or a team cannot see the repository (422), and may not let the
 * app (403, 404): then they are called in a comment. Resolves to whether such a comment is new.
 */
export async function requestApproval(
  context: ApplyContext,
  { number, reviewers, teams, marker, body }: Extract<Action, { type: "request-approval" }>,
): Promise<boolean> {
  const { client, repo } = context;
  if (reviewers.length + teams.length > 0) {
    try {
      await client.octokit.rest.pulls.requestReviewers({
        ...repo,
        pull_number: number,
        reviewers: [...reviewers],
        team_reviewers: [...teams],
        ...ONCE,
      });
      return false;
    } catch (error) {
      const { status, rateLimited } = describeFailure(error);
      if (rateLimited || status === null || ![403, 404, 422].includes(status)) throw error;
    }
  }
  return postAnswer(context, { type: "post-answer", number, marker, body });
}
