import { describe } from "vitest";
import { BRANCH, EM, JANE, JOHN, REPO, RITA, type Scenario, scenario, until } from "./support.ts";

/**
 * Design, section 1.12: the verdict waits for nothing. What is counted here is what was written, and in which
 * order.
 */

const COMMENTS = /\/issues\/\d+\/comments$/;
const isCheck = (one: string): boolean => one.includes("/check-runs");

/** Hotfixes that were opened side by side. */
async function openSome(s: Scenario, count: number): Promise<readonly number[]> {
  const branches = Array.from({ length: count }, (_, i) => `${BRANCH}-${i}`);
  for (const branch of branches) await s.pushHotfix({ branch });
  const as = s.sandbox.as(JOHN);
  const pulls = await Promise.all(
    branches.map((head) => as.openPullRequest(REPO, { head, title: "HOTFIX: Fix it", body: "- [x] Tested" })),
  );
  return pulls.map(({ number }) => number);
}

async function approve({ sandbox, later }: Scenario, number: number): Promise<void> {
  later();
  await sandbox.as(RITA).review(REPO, number, "APPROVED");
  await sandbox.as(JANE).addLabel(REPO, number, EM);
}

async function statusOf({ sandbox }: Scenario, number: number): Promise<string | null> {
  const comments = await sandbox.comments(REPO, number);
  return comments.find(({ body }) => body?.includes("hotfix-guard:status"))?.body ?? null;
}

describe.concurrent("the lane of the verdict", () => {
  scenario(
    "of each pull request of a burst the check is written before all that people read",
    {},
    async (s, expect) => {
      const written: { readonly of: unknown; readonly check: boolean }[] = [];
      s.sandbox.onExchange = ({ method, path, requestBody, status }) => {
        if (method === "GET" || status >= 300) return;
        const number = /\/(?:issues|pulls)\/(\d+)\//.exec(path)?.[1];
        if (isCheck(path)) written.push({ of: JSON.parse(requestBody).head_sha, check: true });
        else if (number !== undefined) written.push({ of: Number(number), check: false });
      };
      const numbers = await openSome(s, 5);
      await s.idle();
      for (const number of numbers) {
        const { head } = await s.sandbox.pullRequest(REPO, number);
        const check = written.findIndex((one) => one.of === head.sha);
        const people = written.findIndex((one) => one.of === number);
        expect([check >= 0, people > check]).toEqual([true, true]);
        expect(await statusOf(s, number)).not.toBeNull();
      }
    },
  );

  scenario("a comment that hangs holds up no verdict", { timeoutMs: 60_000 }, async (s, expect) => {
    const { sandbox } = s;
    sandbox.knobs.fail({ method: "POST", path: COMMENTS }, { hang: true });
    const number = await s.openHotfix();
    await until("the comment that hangs", async () =>
      sandbox.requests.some(({ method, path }) => method === "POST" && COMMENTS.test(path)) ? true : null,
    );
    await approve(s, number);
    await s.expectGate(number, "success");
    const hanging = sandbox.requests.filter(({ method, path }) => method === "POST" && COMMENTS.test(path));
    expect(hanging.map(({ durationMs }) => durationMs)).toEqual([0]);
    // Nor does it hold up what else people read.
    const other = await s.openHotfix({ branch: `${BRANCH}-2` });
    await s.expectGate(other, "action_required");
    await until("the other's label", async () =>
      sandbox.labelsOf(REPO, other).includes("severity:P1") ? true : null,
    );
  });

  scenario(
    "comments that fail hold up no verdict, and are written once GitHub takes them",
    { retryTimes: { quiet: 15_000, giveUp: 600_000 } },
    async (s, expect) => {
      const { sandbox } = s;
      const fix = sandbox.knobs.fail({ method: "POST", path: COMMENTS }, { status: 502 });
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await approve(s, number);
      await s.expectGate(number, "success");
      expect(await statusOf(s, number)).toBeNull();
      fix();
      await s.idle();
      expect(await statusOf(s, number)).toContain("Ready");
    },
  );

  scenario("a limit on comments stops comments, and no verdict", {}, async (s, expect) => {
    const { sandbox } = s;
    const limit = {
      status: 403,
      headers: { "retry-after": "3600" },
      body: { message: "You have exceeded a secondary rate limit" },
    };
    sandbox.knobs.fail({ method: "POST", path: COMMENTS }, limit);
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await until("the refusal", async () =>
      sandbox.requests.some(({ path, status }) => COMMENTS.test(path) && status === 403) ? true : null,
    );
    await approve(s, number);
    await s.expectGate(number, "success");
    const refused = sandbox.requests.filter(({ method, path }) => method === "POST" && COMMENTS.test(path));
    expect(refused).toHaveLength(1);
  });
});

describe.concurrent("the lane of people", () => {
  scenario(
    "what a status comment says is decided when its turn comes: a burst writes it once",
    { timeoutMs: 20_000 },
    async (s, expect) => {
      const { sandbox } = s;
      // As many as have a place in the lane: whoever comes now waits.
      const stuck = await openSome(s, 4);
      await s.idle();
      const path = new RegExp(`/issues/(?:comments/\\d+|(?:${stuck.join("|")})/comments)$`);
      const release = sandbox.knobs.fail({ path }, { hang: true });
      for (const number of stuck) await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await until("four that hang", async () =>
        sandbox.requests.filter((one) => path.test(one.path) && one.durationMs === 0).length >= 4
          ? true
          : null,
      );
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      await sandbox.as(RITA).review(REPO, number, "CHANGES_REQUESTED", "Not yet");
      await s.expectGate(number, "failure");
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await s.expectGate(number, "action_required");
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await s.expectGate(number, "success");
      release();
      await s.idle();
      const own = sandbox.requests.filter(
        (one) => one.method === "POST" && one.path.endsWith(`/issues/${number}/comments`),
      );
      expect(own).toHaveLength(1);
      expect(await statusOf(s, number)).toContain("Ready");
      const [comment] = await sandbox.comments(REPO, number);
      const patched = sandbox.requests.filter(
        (one) => one.method === "PATCH" && one.path.endsWith(`/issues/comments/${comment?.id}`),
      );
      expect(patched).toEqual([]);
    },
  );
});
