import { EM, JANE, JOHN, REPO, RITA, scenario } from "./support.ts";

scenario("the main job: blocked, approved, merged, and its post-mortem opened", {}, async (s, expect) => {
  const { sandbox } = s;
  const number = await s.openHotfix();
  await s.expectGate(number, "action_required");
  await expect(sandbox.as(JOHN).merge(REPO, number)).rejects.toThrow('"hotfix-gate" is');
  s.later();
  await sandbox.as(RITA).review(REPO, number, "APPROVED");
  await sandbox.as(JANE).addLabel(REPO, number, EM);
  await s.expectGate(number, "success", /Ready: P1/);
  await sandbox.as(JOHN).merge(REPO, number);
  await s.idle();
  const issues = await sandbox.issues(REPO);
  expect(issues.map(({ title }) => title)).toContain(
    `Post-mortem: Fix Stripe webhook signature verification (#${number})`,
  );
  expect(await sandbox.comments(REPO, number)).toHaveLength(1);
});
