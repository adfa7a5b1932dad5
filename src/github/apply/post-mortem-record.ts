import type { Action } from "../../policy/action.ts";
import { headIdentity } from "../api/repositories.ts";
import { encodeOpened, isOlder, RECORD_NAME, readOpenedPostMortem } from "../collect/post-mortem/record.ts";
import { ActionFailed, type ApplyContext } from "./context.ts";
import { createOnce } from "./create-once.ts";

/** Records once, on the commit that landed, which issue its post-mortem is. */
export function recordPostMortem(
  context: ApplyContext,
  { sha, subject, postMortem, title, summary }: Extract<Action, { type: "record-post-mortem" }>,
): Promise<void> {
  const { client, repo, pause } = context;
  return client.exclusively(`${headIdentity(client, repo, sha)} ${subject}`, async () => {
    const find = async () => {
      const opened = await readOpenedPostMortem(client, repo, sha, subject);
      if (!opened.known) throw new ActionFailed(opened.reason, true);
      // Of an issue that another instance has opened after this one: the older is the one that goes on.
      return opened.value !== null && isOlder(postMortem, opened.value) ? null : opened.value;
    };
    await createOnce({
      create: async (once) => {
        await client.octokit.rest.checks.create({
          ...repo,
          name: RECORD_NAME,
          head_sha: sha,
          status: "completed",
          conclusion: "neutral",
          external_id: encodeOpened(subject, postMortem),
          details_url: postMortem.url,
          output: { title, summary },
          ...once,
        });
        return postMortem;
      },
      find,
      pause,
    });
  });
}
