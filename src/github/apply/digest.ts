import type { Action } from "../../policy/action.ts";
import { count } from "../api/answer.ts";
import { identityOf } from "../api/repositories.ts";
import { postAnswer, withMarker } from "./comments.ts";
import type { ApplyContext } from "./context.ts";
import { createOnce } from "./create-once.ts";
import { ownIssues } from "./own-issues.ts";

type PostDigest = Extract<Action, { type: "post-digest" }>;

/**
 * Comments once on the one issue for digests, which is made where there is none. Closed by people, it is left
 * alone.
 */
export async function postDigest(
  context: ApplyContext,
  { issue, marker, body }: PostDigest,
): Promise<boolean> {
  const { client, repo } = context;
  const there = await client.exclusively(`${identityOf(client, repo)} digest`, async () => {
    const found = await findOwn(context, issue.marker);
    if (found !== null) return found;
    const { value } = await createOnce({
      create: async (once) => {
        const text = withMarker(issue.body, issue.marker);
        const { data } = await client.octokit.rest.issues.create({
          ...repo,
          title: issue.title,
          body: text,
          ...once,
        });
        return { number: count(data.number), open: true };
      },
      find: () => findOwn(context, issue.marker),
      pause: context.pause,
    });
    return value;
  });
  return there.open && postAnswer(context, { type: "post-answer", number: there.number, marker, body });
}

/** The oldest of the app's issues with the marker. */
async function findOwn({ client, repo }: ApplyContext, marker: string) {
  const [own] = await ownIssues(client, repo, [marker]);
  return own === undefined ? null : { number: count(own.number), open: own.state !== "closed" };
}
