import { afterEach, describe, expect, it } from "vitest";
import { EM, JANE, JOHN, REPO, RITA, type Scenario, startScenario } from "./support.ts";

let scenario: Scenario;
afterEach(() => scenario.close());

describe("the main job", () => {
  it("blocks, waits, takes the approval, and lets the merge happen", async () => {
    scenario = await startScenario({ logLevel: process.env.LOG ?? "silent" });
    const { sandbox } = scenario;
    const number = await scenario.openHotfix();
    const gate = await scenario.expectGate(number, "action_required");
    console.log(gate.title, "\n", gate.summary, "\n", gate.text);
    await sandbox.as(RITA).review(REPO, number, "APPROVED");
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await scenario.expectGate(number, "success", /Ready: P1/);
    await sandbox.as(JOHN).merge(REPO, number);
    await scenario.idle();
    const issues = await sandbox.issues(REPO);
    expect(issues.map(({ title }) => title)).toContain(
      `Post-mortem: Fix Stripe webhook signature verification (#${number})`,
    );
    console.log((await sandbox.comments(REPO, number)).map(({ body }) => body).join("\n=====\n"));
    console.log(issues.at(-1)?.body);
    expect(sandbox.unknownRoutes).toEqual([]);
  });
});
