import { JOHN, REPO, type Scenario, toGreen, until } from "./support.ts";

/** Merges a hotfix and waits for its post-mortem; returns both numbers. */
export async function merged(s: Scenario): Promise<{ pull: number; issue: number }> {
  const pull = await s.openHotfix();
  await toGreen(s, pull);
  await s.sandbox.as(JOHN).merge(REPO, pull);
  const issue = await until("a post-mortem", async () => {
    const all = await s.sandbox.issues(REPO);
    return all.find(({ title }) => title.startsWith("Post-mortem:")) ?? null;
  });
  await s.idle();
  return { pull, issue: issue.number };
}

/** Later than any scenario goes on: nobody is reminded of an item by then. The same beyond midnight. */
const NOT_DUE = new Date(Date.now() + 120 * 24 * 3_600_000).toISOString().slice(0, 10);

/** Everything that a person has to write, written. */
export function filledIn(body: string): string {
  return body
    .replace("- [ ] _TODO: task_ – _TODO: owner_ – _TODO: due date_\n", "")
    .replace(
      "_TODO: task_ – _TODO: owner_ – _TODO: due date_",
      `Test secrets with umlauts – @john-smith – ${NOT_DUE}`,
    )
    .replace(/_TODO: [^_]*_/g, "known now");
}

/** What the app said there, oldest first. */
export async function botComments(s: Scenario, number: number): Promise<string[]> {
  const all = await s.sandbox.comments(REPO, number);
  return all.filter(({ user }) => user?.type === "Bot").map(({ body }) => body ?? "");
}

/** Waits until the app has said something there that holds the text; returns it. */
export function said(s: Scenario, number: number, text: string): Promise<string> {
  return until(`"${text}" on #${number}`, async () => {
    const all = await botComments(s, number);
    return all.find((body) => body.includes(text)) ?? null;
  });
}

/** Waits until the body of the post-mortem holds the text; returns it. */
export function bodyWith(s: Scenario, number: number, text: string): Promise<string> {
  return until(`"${text}" in the body of #${number}`, async () => {
    const { body } = await s.sandbox.issue(REPO, number);
    return body?.includes(text) ? body : null;
  });
}
