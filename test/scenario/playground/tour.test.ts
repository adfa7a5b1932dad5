import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../cli/program.ts";
import { hasChromium, sees, visit } from "./browser.ts";

/** The guided tour, by clicks, in a browser, with the real app: what a newcomer sees in five minutes. */

beforeAll(compile);

describe.skipIf(!hasChromium())("the guided tour", () => {
  it("leads from the incident to a closed post-mortem in eight steps", { timeout: 400_000 }, async () => {
    const { page, complaints, close } = await visit();
    const press = (label: string) => page.getByRole("button", { name: label, exact: true }).click();
    const step = (n: number) => sees(page, ".tour-count", `step ${n} of 8`);
    try {
      await page.getByRole("link", { name: "Start with the incident, #1234" }).click();
      await sees(page, "h1", "Stripe webhooks are rejected");

      await press("Open the pull request");
      await step(2);
      await sees(page, ".merge", "Blocked: 3 rules");
      await press("Try to merge");
      await sees(page, "[role=alert]", 'GitHub refused: Required status check "hotfix-gate" is failing.');
      await page.getByRole("link", { name: "Look at it" }).click();
      await sees(page, ".check td", "should be hotfix/stripe-webhook");
      await sees(page, '.check a[href="/docs/rules/scope.md"]', "scope");
      await sees(page, ".check pre", "git switch --no-track --create 'hotfix/stripe-webhook'");

      await press("Run the block");
      await step(3);
      await sees(page, ".merge", "Waiting for approval: engineering-manager or cto");

      await press("Set the label approved:engineering-manager");
      await step(4);
      await sees(page, ".timeline .comment", "authors can't approve their own hotfix");
      expect(await page.locator(".sidebar .label", { hasText: "approved:" }).count()).toBe(0);

      await press("Rita reviews, Jane approves");
      await step(5);
      await sees(page, ".merge", "Ready: P1");
      expect(await page.getByLabel("Acting as").inputValue()).toBe("jane-doe");

      await press("Push one more line");
      await step(6);
      await sees(page, ".merge", "Merging is blocked");

      await press("Rita and Jane approve again");
      await sees(page, ".merge", "Ready to merge");
      await press("Merge the pull request");
      await step(7);
      await page.getByRole("link", { name: "Look at it" }).click();
      await sees(page, "h1", "Post-mortem: Fix Stripe webhook signature verification");
      await page.getByText("Diagram", { exact: true }).click();
      const diagram = page.frameLocator("iframe.diagram");
      await diagram.locator("svg", { hasText: "Merged (john-smith)" }).waitFor();

      await press("Let 20 hours pass");
      await sees(page, ".timeline .comment", "Due in");
      await press("Close it as it is");
      await step(8);
      await sees(page, ".timeline .comment", "Reopened");

      await press("Fill it in and close it");
      await sees(page, ".tour-count", "Tour finished");
      await sees(page, ".state", "Closed");
      expect(complaints).toEqual([]);
    } finally {
      await close();
    }
  });
});
