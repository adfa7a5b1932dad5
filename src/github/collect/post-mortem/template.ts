import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { describeFailure } from "../../api/read.ts";

/** A file of the default branch as text, or why it cannot be had, in plain words. Never rejects. */
export async function readTemplate(
  { octokit }: GitHubClient,
  repo: Repo,
  path: string,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    const { data } = await octokit.rest.repos.getContent({ ...repo, path });
    if (Array.isArray(data) || data.type !== "file" || data.encoding !== "base64")
      return { problem: "it is no file, or too large" };
    const bytes = Buffer.from(data.content, "base64");
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { problem: "it is not UTF-8 text" };
    const { status, reason } = describeFailure(error);
    return { problem: status === 404 ? `there is no ${path} on the default branch` : reason };
  }
}
