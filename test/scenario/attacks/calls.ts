import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { REPO, type Scenario } from "../support.ts";

/** An incoming webhook of Slack's that takes everything. */
export async function startSlack() {
  const texts: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", () => {
      texts.push((JSON.parse(body) as { text: string }).text);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    texts,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () => server.close(),
  };
}

/**
 * Everybody whom the app called on the pull request, in the order of the comments, and whom it asked for a
 * review.
 */
export async function called({ sandbox }: Scenario, number: number): Promise<readonly string[]> {
  const comments = await sandbox.comments(REPO, number);
  const mentions = comments
    .filter(({ user }) => user?.type === "Bot")
    .flatMap(
      ({ body }) =>
        (body ?? "").replace(/`[^`]*`|```[\s\S]*?```/g, "").match(/(?<![\w/])@[a-z][\w/-]*/g) ?? [],
    );
  const asked = sandbox.requests
    .filter(({ method, path }) => method === "POST" && path.endsWith("/requested_reviewers"))
    .map(() => "review requested");
  return [...mentions, ...asked];
}
