import { describe } from "vitest";
import { ADMIN, addAdmin, onePostMortem, untilBody } from "./after-landed-support.ts";
import { BRANCH, EM, JANE, JOHN, REPO, RITA, type Scenario, scenario, toGreen } from "./support.ts";

function adminMerge({ sandbox }: Scenario, number: number, method: "merge" | "squash" = "merge") {
  return sandbox.as(ADMIN).merge(REPO, number, method, { admin: true });
}

describe.concurrent("merged past the gate", () => {
  scenario("made no hotfix right after the merge: it was one", {}, async (s, expect) => {
    addAdmin(s);
    const { sandbox } = s;
    const number = await s.openHotfix({ branch: "fix-payments" });
    await s.expectGate(number, "failure");
    await s.idle();
    await s.stopServer();
    await sandbox.as(ADMIN).merge(REPO, number, "merge", { admin: true });
    s.later(60);
    await sandbox.as(JOHN).editPullRequest(REPO, number, { title: "Tidy up", body: "" });
    await s.restartServer();
    const issue = await onePostMortem(s);
    expect(issue.body).toContain("Bypassed the gate");
    expect(issue.title).toContain(`(#${number})`);
  });

  scenario("by an administrator past a red gate", {}, async (s, expect) => {
    addAdmin(s);
    const number = await s.openHotfix({ message: "HOTFIX: Fix payments\n\nFixes: #1234\nSeverity: P1" });
    await s.expectGate(number, "failure");
    s.later();
    await adminMerge(s, number);
    const issue = await onePostMortem(s);
    const body = await untilBody(s, issue.number, /Bypassed the gate:\*\*.*`failure` at the merge/);
    expect(body).toContain("Merged without a valid approval");
    expect(body).toMatch(/missing fields:\*\* `Impact`, `Root Cause`, `Solution`, `Tested`/);
    expect(body).toMatch(/"bypassed": true/);
  });

  scenario("while the app was down: there was no gate", {}, async (s, expect) => {
    addAdmin(s);
    await s.idle();
    await s.stopServer();
    const number = await s.openHotfix();
    s.later();
    await adminMerge(s, number);
    await s.restartServer();
    const issue = await onePostMortem(s);
    await untilBody(s, issue.number, /Bypassed the gate:\*\* there was no check `hotfix-gate`/);
    expect(issue.title).toContain(`(#${number})`);
  });

  scenario("in the moment in which the approval was taken away: the green was old", {}, async (s, expect) => {
    addAdmin(s);
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    s.later();
    await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
    await s.sandbox.as(JANE).addLabel(REPO, number, EM);
    await s.expectGate(number, "success");
    await s.idle();
    s.later();
    await s.sandbox.as(JANE).removeLabel(REPO, number, EM);
    await s.sandbox.as(JOHN).merge(REPO, number);
    const issue = await onePostMortem(s);
    const body = await untilBody(s, issue.number, /Merged without a valid approval/);
    expect(body).not.toMatch(/Bypassed the gate/);
  });

  scenario("by an administrator after the approval was taken away", {}, async (s, expect) => {
    addAdmin(s);
    const number = await s.openHotfix();
    await toGreen(s, number);
    s.later();
    const [review] = (await s.sandbox.as(JANE).request("GET", `/repos/${REPO}/pulls/${number}/reviews`)) as {
      id: number;
    }[];
    await s.sandbox.as(JANE).dismissReview(REPO, number, review?.id ?? 0, "Not yet");
    await s.expectGate(number, "action_required");
    s.later();
    await adminMerge(s, number);
    const issue = await onePostMortem(s);
    const body = await untilBody(s, issue.number, /Bypassed the gate:\*\*.*`action_required` at the merge/);
    expect(body).toContain("Merged without a valid approval");
  });

  scenario("by a push that merged its pull request, past a red gate", {}, async (s, expect) => {
    addAdmin(s);
    const number = await s.openHotfix({ message: "HOTFIX: Fix payments" });
    await s.expectGate(number, "failure");
    s.later();
    await s.sandbox.git(REPO).mergeNoFf(ADMIN, "main", BRANCH);
    const issue = await onePostMortem(s);
    expect(issue.title).toContain(`(#${number})`);
    await untilBody(s, issue.number, /Bypassed the gate:\*\*.*`failure` at the merge/);
  });
});

describe.concurrent("what landed", () => {
  scenario("a squash whose message lost the fields", {}, async (s, expect) => {
    const number = await s.openHotfix();
    await toGreen(s, number);
    s.later();
    const title = `HOTFIX: Fix Stripe webhook signature verification (#${number})`;
    await s.sandbox.as(JOHN).merge(REPO, number, "squash", { title, message: "" });
    const issue = await onePostMortem(s);
    const body = await untilBody(s, issue.number, /The merged commit message is missing fields/);
    expect(body).toMatch(/missing fields:\*\* `Fixes`, `Severity`/);
    expect(body).not.toMatch(/Bypassed the gate|without a valid approval/);
  });
});
