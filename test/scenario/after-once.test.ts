import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe } from "vitest";
import { ADMIN, addAdmin, onePostMortem, postMortems, pushToMain } from "./after-landed-support.ts";
import { bodyWith, merged } from "./after-life-support.ts";
import { JOHN, REPO, RITA, type Scenario, scenario, toGreen, until, writes } from "./support.ts";

/**
 * A second post-mortem is impossible: what was opened is recorded on the commit that landed, where nobody
 * else can write.
 */

const SILENT = `version: 1
communication: { status_comment: false }
roles:
  engineering-manager: { teams: [engineering-managers] }
`;

/** What Slack was told. */
const told: string[] = [];
const slack = createServer((request, response) => {
  request.on("data", (data) => told.push(String(data)));
  request.on("end", () => response.writeHead(200).end());
});
await new Promise<void>((resolve) => slack.listen(0, "127.0.0.1", () => resolve()));
const HOTFIX_SLACK_WEBHOOK_URL = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/hook`;
afterAll(() => {
  slack.close();
});

async function record({ sandbox }: Scenario, pull: number) {
  const { head } = await sandbox.pullRequest(REPO, pull);
  const runs = await sandbox.checkRuns(REPO, head.sha);
  return runs.find(({ name }) => name === "hotfix-post-mortem");
}

/** All that makes the app look again: an event, a new process, the sweep. */
async function recheck(s: Scenario, pull: number): Promise<void> {
  await s.sandbox.as(RITA).comment(REPO, pull, "/hotfix recheck");
  await s.idle();
  await s.restartServer();
  await s.sandbox.as(RITA).comment(REPO, pull, "/hotfix recheck");
  await s.sweep();
}

describe.concurrent("one post-mortem for good", () => {
  scenario("deleted, where there is no status comment", { config: SILENT }, async (s, expect) => {
    const { pull, issue } = await merged(s);
    expect(await s.sandbox.comments(REPO, pull)).toEqual([]);
    expect(await record(s, pull)).toMatchObject({
      conclusion: "neutral",
      output: { title: `Post-mortem: ${REPO}#${issue}` },
    });
    await s.sandbox.deleteIssue(REPO, issue, JOHN);
    await recheck(s, pull);
    expect(await postMortems(s)).toEqual([]);
  });

  scenario("re-runs after the merge: answered, and nothing is changed", {}, async (s, expect) => {
    const { sandbox } = s;
    const { pull, issue } = await merged(s);
    const { head } = await sandbox.pullRequest(REPO, pull);
    const before = await sandbox.checkRuns(REPO, head.sha);
    expect(before.map(({ name }) => name).toSorted()).toEqual(["hotfix-gate", "hotfix-post-mortem"]);
    const updates = () => writes(s).filter((one) => one.startsWith("PATCH") && one.includes("/check-runs/"));
    s.later(60);
    for (const { id, name } of before) {
      await s.idle();
      sandbox.resetRequests();
      await sandbox.as(JOHN).requestRerun(REPO, id);
      await until(`an answer to the re-run of ${name}`, async () => updates()[0] ?? null);
    }
    await s.idle();
    sandbox.resetRequests();
    await sandbox.as(JOHN).requestSuiteRerun(REPO, head.sha);
    await until("an answer to the re-run of both", async () => (updates().length >= 2 ? true : null));
    await s.idle();
    const shown = (runs: typeof before) =>
      runs.map(({ id, name, conclusion, completed_at, external_id }) => [
        id,
        name,
        conclusion,
        completed_at,
        external_id,
      ]);
    expect(shown(await sandbox.checkRuns(REPO, head.sha))).toEqual(shown(before));
    await recheck(s, pull);
    expect((await postMortems(s)).map(({ number }) => number)).toEqual([issue]);
    expect((await sandbox.issue(REPO, issue)).body).not.toContain("Bypassed the gate");
  });

  scenario("deleted, and the app's comments with it", {}, async (s, expect) => {
    const { pull, issue } = await merged(s);
    for (const { id } of await s.sandbox.comments(REPO, pull))
      await s.sandbox.as(JOHN).request("DELETE", `/repos/${REPO}/issues/comments/${id}`);
    await s.sandbox.deleteIssue(REPO, issue, JOHN);
    await recheck(s, pull);
    expect(await postMortems(s)).toEqual([]);
  });

  scenario(
    "its body and title replaced, where there is no status comment: it is known all the same",
    { config: SILENT },
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: "We were tired.", title: `Learnt (#${pull})` });
      const body = await bodyWith(s, issue, `hotfix-guard:post-mortem ${REPO}#${pull}`);
      expect(body).toContain("We were tired.");
      await recheck(s, pull);
      // The title that people gave it stays.
      expect(await postMortems(s)).toEqual([]);
    },
  );

  scenario("of a direct push, deleted", {}, async (s, expect) => {
    addAdmin(s);
    await pushToMain(s);
    const { number } = await onePostMortem(s);
    await s.sandbox.deleteIssue(REPO, number, ADMIN);
    await s.restartServer();
    await pushToMain(s, "Other work", { "src/ui/button.css": "b\n" });
    await s.sweep();
    expect(await postMortems(s)).toEqual([]);
  });

  scenario(
    "while GitHub's lists do not show it yet, and neither record nor comment can be written; Slack hears of it once",
    { env: { HOTFIX_SLACK_WEBHOOK_URL } },
    async (s, expect) => {
      const { knobs } = s.sandbox;
      const pull = await s.openHotfix();
      await toGreen(s, pull);
      await s.idle();
      const fix = [
        knobs.fail({ method: "POST", path: /\/check-runs$/ }, { status: 500 }),
        knobs.fail({ method: "PATCH", path: /\/issues\/comments\// }, { status: 500 }),
        knobs.fail({ method: "GET", path: /\/issues$/ }, { status: 200, body: [] }),
      ];
      await s.sandbox.as(JOHN).merge(REPO, pull);
      await until("tried twice", async () => {
        const tries = s.sandbox.requests.filter(
          ({ method, path, status }) => method === "POST" && path.endsWith("/check-runs") && status === 500,
        );
        return tries.length > 3 ? true : null;
      });
      for (const over of fix) over();
      await until("recorded", async () => ((await record(s, pull)) === undefined ? null : true));
      await s.idle();
      expect(await postMortems(s)).toHaveLength(1);
      expect(told.filter((text) => text.includes("HOTFIX MERGED"))).toHaveLength(1);
    },
  );
});
