import { describe } from "vitest";
import { botComments, merged } from "./after-life-support.ts";
import { JANE, JOHN, REPO, scenario, toGreen, until } from "./support.ts";

const DAY = 24 * 3_600;
const CONFIG = "version: 1\nroles:\n  engineering-manager: { users: [jane-doe] }\n";

describe("the weekly digest", () => {
  scenario(
    "is a comment a week on one issue, once over sweeps and restarts, until somebody closes that",
    { config: `${CONFIG}digest: { to: issue }\n` },
    async (s, expect) => {
      await merged(s);
      s.later(8 * DAY);
      await s.sweep();
      const issue = await until("the issue", async () => {
        const all = await s.sandbox.issues(REPO);
        return all.find(({ title }) => title === "Hotfix digest") ?? null;
      });
      const digests = async () => botComments(s, issue.number);
      const [first = ""] = await until("the digest", async () => {
        const all = await digests();
        return all.length > 0 ? all : null;
      });
      expect(first).toContain("Overdue post-mortems");
      expect(first.replace(/`[^`]*`/g, "")).not.toContain("@");
      await s.sweep();
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await digests()).toHaveLength(1);
      s.later(7 * DAY);
      await s.sweep();
      await until("the next", async () => ((await digests()).length === 2 ? true : null));
      await s.sandbox.as(JANE).closeIssue(REPO, issue.number);
      await s.idle();
      s.later(7 * DAY);
      await s.sweep();
      await s.idle();
      expect(await digests()).toHaveLength(2);
      const all = await s.sandbox.issues(REPO);
      expect(all.filter(({ title }) => title === "Hotfix digest")).toHaveLength(1);
    },
  );

  scenario(
    "of an organization whose post-mortems are in one repository is one, there, by the shared configuration alone",
    { config: null },
    async (s, expect) => {
      const CENTRAL = "kamiyo/post-mortems";
      await s.sandbox.createRepository("kamiyo/.github", {
        files: {
          ".github/hotfix.yml": `${CONFIG}post_mortem: { repository: ${CENTRAL} }\ndigest: { to: issue }\n`,
        },
      });
      await s.sandbox.createRepository(CENTRAL, {});
      const pull = await s.openHotfix();
      await toGreen(s, pull);
      await s.sandbox.as(JOHN).merge(REPO, pull);
      const titled = async (repo: string, text: string) =>
        (await s.sandbox.issues(repo)).filter(({ title }) => title.startsWith(text));
      await until("the post-mortem", async () =>
        (await titled(CENTRAL, "Post-mortem:")).length === 1 ? true : null,
      );
      await s.idle();
      s.later(8 * DAY);
      await s.sweep();
      const [issue] = await until("the digest's issue", async () => {
        const all = await titled(CENTRAL, "Hotfix digest");
        return all.length > 0 ? all : null;
      });
      await s.idle();
      const said = await s.sandbox.comments(CENTRAL, issue?.number ?? 0);
      expect(said.map(({ body }) => body)).toEqual([expect.stringContaining("Hotfixes: ")]);
      for (const repo of [REPO, "kamiyo/.github"]) expect(await titled(repo, "Hotfix digest")).toEqual([]);
    },
  );
});
