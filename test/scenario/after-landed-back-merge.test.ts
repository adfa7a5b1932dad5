import { describe } from "vitest";
import { onePostMortem, untilBody } from "./after-landed-support.ts";
import { JOHN, REPO, type Scenario, STRIPE, STRIPE_FIXED, scenario, toGreen } from "./support.ts";

const config = `version: 1
roles:
  engineering-manager: { teams: [engineering-managers] }
branches: { back_merge: [develop] }
`;
const OPEN = /- \[ \] \*\*Back-merge:\*\* the hotfix is in `develop` as well/;
const DONE = /- \[x\] \*\*Back-merge:\*\* the hotfix is in `develop` as well/;

async function merged(s: Scenario): Promise<number> {
  const git = s.sandbox.git(REPO);
  await git.push(JOHN, "develop", git.head("main"));
  const number = await s.openHotfix();
  await toGreen(s, number);
  s.later();
  await s.sandbox.as(JOHN).merge(REPO, number, "squash");
  const issue = await onePostMortem(s);
  await untilBody(s, issue.number, OPEN);
  return issue.number;
}

describe.concurrent("back to other branches", () => {
  scenario("by a merge", { config }, async (s, expect) => {
    const issue = await merged(s);
    await s.sandbox.git(REPO).mergeNoFf(JOHN, "develop", "main");
    expect(await untilBody(s, issue, DONE)).not.toMatch(OPEN);
    await onePostMortem(s);
  });

  scenario("by a cherry-pick among other work", { config }, async (s, expect) => {
    const issue = await merged(s);
    const git = s.sandbox.git(REPO);
    const author = s.sandbox.person(JOHN);
    const own = "# Our own.\n";
    const there = git.show("develop", STRIPE) as string;
    await git.commit("develop", {
      message: "Own work",
      files: { [STRIPE]: `${there}\n\n\n\n\n${own}` },
      author,
    });
    await git.push(JOHN, "develop");
    await s.idle();
    expect((await s.sandbox.issue(REPO, issue)).body).toMatch(OPEN);
    await git.commit("develop", {
      message: "HOTFIX: Fix Stripe webhook signature verification",
      files: { [STRIPE]: `${STRIPE_FIXED}\n\n\n\n\n${own}` },
      author,
    });
    await git.push(JOHN, "develop");
    await untilBody(s, issue, DONE);
  });
});
