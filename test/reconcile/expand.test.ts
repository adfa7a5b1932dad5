import { ProbotOctokit } from "probot";
import { afterEach, describe, expect, it } from "vitest";
import type { GitHubClient } from "../../src/github/api/client.ts";
import { createExclusively } from "../../src/github/api/exclusively.ts";
import { listInstallations } from "../../src/github/collect/git/installations.ts";
import type { Job } from "../../src/jobs/queue.ts";
import { expandInstallation, expandRepository } from "../../src/reconcile/expand.ts";
import { github } from "../server/support.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const NOW = "2025-10-14T12:00:00Z";
const KEY = { kind: "repository", installationId: 5, owner: "acme", repo: "payments" } as const;

/** A GitHub that answers pages by path with query (without `page`); whatever is missing is a 502. */
async function serving(pages: Readonly<Record<string, readonly unknown[]>>) {
  const asked: string[] = [];
  const api = await github((request, response) => {
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    asked.push(`${url.pathname}${url.search}`);
    const page = Number(url.searchParams.get("page") ?? 1);
    url.searchParams.delete("page");
    const list = pages[`${url.pathname.replace("/api/v3", "")}${url.search}`];
    const body = list?.[page - 1];
    if (list === undefined || body === undefined) return response.writeHead(502).end("{}");
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    const link = page < list.length ? { link: `<${next}>; rel="next"` } : {};
    response.writeHead(200, { "content-type": "application/json", ...link }).end(JSON.stringify(body));
  });
  closers.push(api.close);
  const octokit = new ProbotOctokit({
    auth: { token: "x" },
    baseUrl: api.baseUrl,
    retry: { enabled: false },
  });
  const client: GitHubClient = {
    octokit,
    app: { id: 7, slug: "hotfix-guard" },
    installationId: 5,
    serverTime: () => new Date(NOW),
    permits: async () => false,
    exclusively: createExclusively(),
  };
  return { client, octokit, asked };
}

function pull(number: number, more: { ref?: string; updated_at?: string; merged_at?: string | null } = {}) {
  return {
    number,
    title: "t",
    head: { ref: more.ref ?? `hotfix/n-${number}`, sha: "a".repeat(40) },
    base: { ref: "main" },
    labels: [{ name: "hotfix" }],
    updated_at: more.updated_at ?? NOW,
    merged_at: more.merged_at ?? null,
  };
}

const OPEN = "/repos/acme/payments/pulls?state=open&per_page=100";
const CLOSED = "/repos/acme/payments/pulls?state=closed&sort=updated&direction=desc&per_page=100";
/** For the last 30 days. */
const CLOSED_ISSUES =
  "/repos/acme/payments/issues?creator=hotfix-guard%5Bbot%5D&state=closed&since=2025-04-17T00%3A00%3A00Z&per_page=100";
const ISSUES = "/repos/acme/payments/issues?creator=hotfix-guard%5Bbot%5D&state=open&per_page=100";
const metrics = (closedAt: string | null) =>
  `\`\`\`json\n${JSON.stringify({ "hotfix-guard": { closed_at: closedAt } })}\n\`\`\`\n`;

const isHotfix = ({ headRef }: { readonly headRef: string }) => headRef.startsWith("hotfix/");

describe("a repository's key", () => {
  it("stands for open hotfixes on all pages, and hotfixes merged in the last 24 hours, at the first look in the last week", async () => {
    const { client, asked } = await serving({
      [OPEN]: [[pull(1), pull(2, { ref: "feature" })], [pull(3)]],
      [CLOSED]: [
        [
          pull(4, { merged_at: "2025-10-14T11:00:00Z" }),
          pull(5, { merged_at: null }),
          pull(6, { merged_at: "2025-10-13T11:59:59Z" }),
          pull(7, { merged_at: "2025-10-13T12:00:00Z" }),
          pull(8, { merged_at: "2025-10-14T11:00:00Z", ref: "feature" }),
        ],
        [pull(9, { merged_at: "2025-10-14T01:00:00Z" }), pull(10, { updated_at: "2025-10-13T00:00:00Z" })],
        [pull(11, { merged_at: "2025-10-14T11:00:00Z" })],
      ],
      [ISSUES]: [[]],
      [CLOSED_ISSUES]: [[]],
    });
    const numbers = (all: readonly Job[]) => all.map(({ key }) => key.kind === "pull-request" && key.number);
    // The process may have been down for days.
    expect(numbers(await expandRepository(client, { ...KEY, all: false }, isHotfix))).toEqual([
      1, 3, 4, 6, 7, 9, 11,
    ]);
    asked.length = 0;
    const jobs = await expandRepository(client, { ...KEY, all: false }, isHotfix);
    expect(jobs.map(({ key }) => key)).toEqual(
      [1, 3, 4, 7, 9].map((number) => ({ ...KEY, kind: "pull-request", number })),
    );
    expect(jobs.some(({ background }) => background)).toBe(false);
    // The third page is older than what is looked for.
    expect(asked.filter((path) => path.includes("pulls?state=closed"))).toHaveLength(2);
  });

  it("stands for hotfixes closed without a merge whose heads may still be green, in the background", async () => {
    const { client } = await serving({
      [OPEN]: [[]],
      [CLOSED]: [
        [pull(4), pull(5), pull(6, { ref: "feature" }), pull(7, { updated_at: "2025-10-01T00:00:00Z" })],
      ],
      [ISSUES]: [[]],
      [CLOSED_ISSUES]: [[]],
    });
    const look = (isCleared: (sha: string) => boolean) =>
      expandRepository(client, { ...KEY, all: false }, isHotfix, false, isCleared);
    const shown = (jobs: readonly Job[]) =>
      jobs.map(({ key, background }) => [key.kind === "pull-request" && key.number, background]);
    expect(shown(await look(() => false))).toEqual([
      [4, true],
      [5, true],
    ]);
    expect(await look((sha) => sha === pull(4).head.sha)).toEqual([]);
  });

  it("with `all` stands for every open pull request; those that are no hotfix are left to the background", async () => {
    const { client } = await serving({
      [OPEN]: [[pull(1, { ref: "feature" }), pull(2)]],
      [CLOSED]: [[]],
      [ISSUES]: [[]],
      [CLOSED_ISSUES]: [[]],
    });
    const jobs = await expandRepository(client, { ...KEY, all: true }, isHotfix);
    expect(
      jobs.map(({ key, background }) => [key.kind === "pull-request" && key.number, background ?? false]),
    ).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  it("stands for the open issues that the app itself opened, and in the background for everything", async () => {
    const issue = (number: number, more: object = {}) => ({
      number,
      user: { login: "hotfix-guard[bot]", type: "Bot" },
      ...more,
    });
    const { client } = await serving({
      [OPEN]: [[pull(1)]],
      [CLOSED]: [[]],
      [ISSUES]: [
        [issue(20), issue(21, { pull_request: {} })],
        [issue(22, { user: { login: "mallory", type: "User" } }), issue(23)],
      ],
      [CLOSED_ISSUES]: [
        [
          issue(24, { body: metrics(null) }),
          issue(25, { body: metrics("2025-10-13T12:00:00Z") }),
          issue(26, { body: "an answer of long ago" }),
        ],
      ],
    });
    const jobs = await expandRepository(client, { ...KEY, all: false }, isHotfix, true);
    const { kind: _, ...place } = KEY;
    expect(jobs).toEqual(
      [
        { ...place, kind: "pull-request", number: 1 },
        { ...place, kind: "post-mortem", number: 20 },
        { ...place, kind: "post-mortem", number: 23 },
        // Closed, and not with the app's word on it.
        { ...place, kind: "post-mortem", number: 24 },
      ].map((key) => ({ key, hint: {}, background: true })),
    );
  });

  it("stands for nothing where a page cannot be read: a part is not the whole", async () => {
    const { client } = await serving({ [OPEN]: [[pull(1)], undefined], [CLOSED]: [[]] });
    await expect(expandRepository(client, { ...KEY, all: false }, isHotfix)).rejects.toMatchObject({
      status: 502,
    });
  });
});

describe("an installation's key", () => {
  it("stands for its repositories, without those that cannot change, in the background", async () => {
    const repository = (name: string, more = {}) => ({ name, owner: { login: "acme" }, ...more });
    const { client } = await serving({
      "/installation/repositories?per_page=100": [
        { total_count: 3, repositories: [repository("a"), repository("b", { archived: true })] },
        { total_count: 3, repositories: [repository("c"), repository("d", { disabled: true })] },
      ],
    });
    expect(await expandInstallation(client)).toEqual(
      ["a", "c"].map((repo) => ({ key: { ...KEY, repo, all: false }, hint: {}, background: true })),
    );
  });

  it("stands for default branches too that were pushed to of late", async () => {
    const repository = (name: string, pushedAt: string | null) => ({
      name,
      owner: { login: "acme" },
      default_branch: "trunk",
      pushed_at: pushedAt,
    });
    const { client } = await serving({
      "/installation/repositories?per_page=100": [
        {
          total_count: 3,
          repositories: [
            repository("a", NOW),
            repository("b", null),
            repository("c", "2020-01-01T00:00:00Z"),
          ],
        },
      ],
    });
    const jobs = await expandInstallation(client);
    expect(jobs.flatMap(({ key }) => (key.kind === "branch" ? [`${key.repo} ${key.ref}`] : []))).toEqual([
      "a trunk",
    ]);
  });

  it("is made for every installation that is not suspended", async () => {
    const { octokit } = await serving({
      "/app/installations?per_page=100": [
        [
          { id: 1, suspended_at: null, account: { login: "acme" } },
          { id: 2, suspended_at: NOW },
        ],
        [
          { id: 3, account: { slug: "enterprise" } },
          { id: 4, account: { login: "x org:everybody" } },
        ],
      ],
    });
    expect(await listInstallations(octokit)).toEqual([
      { id: 1, account: "acme" },
      { id: 3, account: null },
      { id: 4, account: null },
    ]);
  });
});
