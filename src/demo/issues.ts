import type { IssueJson, Sandbox } from "../sandbox/index.ts";
import { until } from "./watch.ts";

/** A post-mortem issue of the sandbox, which always has a body. */
export type PostMortem = IssueJson & { readonly body: string };

/** Waits for the open post-mortem whose title holds this; rejects where there is more than one. */
export function postMortemOf(sandbox: Sandbox, repo: string, title: string): Promise<PostMortem> {
  return until(`a post-mortem of "${title}"`, async () => {
    const all = (await sandbox.issues(repo)).filter((issue) => issue.title.startsWith("Post-mortem: "));
    const [issue, ...more] = all.filter((one) => one.title.includes(title));
    if (more.length > 0) throw new Error(`there are ${more.length + 1} post-mortems of "${title}"`);
    return issue === undefined ? null : { ...issue, body: issue.body ?? "" };
  });
}

/** Waits until the app has said something there that holds the text; returns all of it. */
export function saidOn(sandbox: Sandbox, repo: string, number: number, text: string): Promise<string> {
  return until(`"${text}" in a comment on #${number}`, async () => {
    const comments = await sandbox.comments(repo, number);
    const own = comments.filter(({ user }) => user?.type === "Bot").map(({ body }) => body ?? "");
    return own.find((body) => body.includes(text)) ?? null;
  });
}

/** Waits until an issue or pull request has a label, or with `off` has it no more. */
export async function labeled(
  sandbox: Sandbox,
  repo: string,
  number: number,
  label: string,
  state: "on" | "off",
): Promise<void> {
  await until(`the label ${label} ${state} on #${number}`, async () =>
    sandbox.labelsOf(repo, number).includes(label) === (state === "on") ? true : null,
  );
}
