import { describe } from "vitest";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  until,
} from "../scenario/support.ts";

/**
 * A server that lacks a route answers 404. What can be told otherwise is, and a hotfix that earned it is let
 * through.
 */

function without(path: RegExp, status = 404): (s: Scenario) => void {
  return ({ sandbox }) => {
    sandbox.knobs.fail({ method: "GET", path }, { status, body: { message: "Not Found" } });
  };
}

const OPTIONAL: readonly (readonly [name: string, lacks: (s: Scenario) => void])[] = [
  ["the repository's activity", without(/\/activity$/)],
  ["the pull requests of a commit", without(/\/commits\/[0-9a-f]{40}\/pulls$/)],
  ["the pull requests of a commit (422)", without(/\/commits\/[0-9a-f]{40}\/pulls$/, 422)],
  ["comparisons", without(/\/compare\//)],
  ["rules of branches", without(/\/rules\/branches\//)],
  ["trees", without(/\/git\/trees\//)],
  ["the list of collaborators", without(/\/collaborators$/)],
  ["the members of a team", without(/\/teams\/[^/]+\/members$/)],
  ["users", without(/^\/users\//)],
];

describe("servers that lack a route", () => {
  for (const [name, lacks] of OPTIONAL) {
    scenario(`without ${name}: approved and reviewed is success`, {}, async (s) => {
      lacks(s);
      const message = DEPLOYMENT_MESSAGE.replace("pending", "Jane Doe");
      await toGreen(s, await s.openHotfix({ message }));
    });
  }

  scenario(
    "without all of them, search, branches, matching refs and GraphQL: to the post-mortem",
    {},
    async (s) => {
      const { sandbox } = s;
      for (const [, lacks] of OPTIONAL) lacks(s);
      for (const path of [/^\/search\//, /\/branches\/[^/]+$/, /\/matching-refs\//]) without(path)(s);
      sandbox.knobs.fail(
        { method: "POST", path: /\/graphql$/ },
        { status: 404, body: { message: "Not Found" } },
      );
      const number = await s.openHotfix();
      await toGreen(s, number);
      await sandbox.as(JOHN).merge(REPO, number);
      await until("the post-mortem", async () =>
        (await sandbox.issues(REPO)).some(({ title }) => title.endsWith(`(#${number})`)) ? true : null,
      );
    },
  );

  scenario("without rules of branches: P0 goes without a review", {}, async (s) => {
    without(/\/rules\/branches\//)(s);
    const number = await s.openHotfix({ message: DEPLOYMENT_MESSAGE.replace("P1", "P0") });
    await s.expectGate(number, "action_required");
    s.later();
    await s.sandbox.as(JANE).addLabel(REPO, number, EM);
    await s.expectGate(number, "success");
  });

  scenario("without activity: a push still ends the approval by label", {}, async (s, expect) => {
    without(/\/activity$/)(s);
    const { sandbox } = s;
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await sandbox.as(RITA).review(REPO, number, "APPROVED");
    await s.expectGate(number, "success");
    s.later();
    const sha = await s.pushHotfix({ force: true, files: { [STRIPE]: `${STRIPE_FIXED}# more\n` } });
    await sandbox.as(RITA).review(REPO, number, "APPROVED", "", sha);
    await s.expectGate(number, "action_required", /engineering-manager/);
    expect((await sandbox.pullRequest(REPO, number)).head.sha).toBe(sha);
  });

  scenario(
    "without the pull requests of a commit: another on the same head still has a say",
    {},
    async (s) => {
      without(/\/commits\/[0-9a-f]{40}\/pulls$/)(s);
      const { sandbox } = s;
      const number = await s.openHotfix();
      await toGreen(s, number);
      await sandbox.git(REPO).push(JOHN, "release", sandbox.git(REPO).head("main"));
      await sandbox
        .as(JOHN)
        .openPullRequest(REPO, { head: BRANCH, base: "release", title: "HOTFIX: the same to release" });
      await s.expectGate(number, "failure");
    },
  );
});
