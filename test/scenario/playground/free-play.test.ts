import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../cli/program.ts";
import { become, hasChromium, press, sees, visit } from "./browser.ts";

/** Free play, by clicks: every person, every act, and what the real app makes of it. */

beforeAll(compile);

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function addLabel(page: Page, label: string): Promise<void> {
  await page.getByLabel("Label to add").selectOption(label);
  await button(page, "Add").click();
}

async function review(page: Page, kind: string): Promise<void> {
  await page.getByText(/^Review these changes as /).click();
  await page.getByLabel(kind, { exact: true }).check();
  await button(page, "Submit review").click();
}

async function comment(page: Page, text: string): Promise<void> {
  await page.getByLabel(/^Comment as /).fill(text);
  await button(page, "Comment").click();
}

describe.skipIf(!hasChromium())("free play", () => {
  it("a whole hotfix by hand, and what goes wrong on its way", { timeout: 400_000 }, async () => {
    const { page, url, complaints, close } = await visit();
    try {
      await page.getByRole("link", { name: "Open a pull request of my own" }).click();
      await page.getByLabel("three files that have nothing to do with it").check();
      await button(page, "Create pull request").click();
      await sees(page, ".merge", "Blocked: scope");

      // What somebody types stays while the page draws itself anew.
      await page.getByLabel(/^Comment as /).fill("half a thought");
      await page.getByText(/^Push to /).click();
      await page.getByLabel("three files that have nothing to do with it").uncheck();
      await button(page, "Push").click();
      await sees(page, ".merge", "Waiting for approval");
      expect(await page.getByLabel(/^Comment as /).inputValue()).toBe("half a thought");
      expect(await page.getByText("Commit message").isVisible()).toBe(false);

      await become(page, "olga-novak");
      await addLabel(page, "approved:engineering-manager");
      await sees(page, "[role=alert]", "GitHub refused");
      await review(page, "Approve");
      await sees(page, ".timeline", "olga-novak approved these changes");

      await become(page, "omar-haddad");
      await addLabel(page, "approved:on-call");
      await sees(page, ".timeline .comment", "Not counted");
      await button(page, "/hotfix help").click();
      await sees(page, ".timeline", "Re-runs the check.");

      await become(page, "jane-doe");
      await addLabel(page, "approved:engineering-manager");
      await sees(page, ".merge", "Waiting for review");
      await comment(page, "/hotfix override review Everybody else is asleep");
      await sees(page, ".merge", "Ready to merge");
      await page.getByRole("button", { name: "Remove the label approved:engineering-manager" }).click();
      await sees(page, ".merge", "Merging is blocked");
      await review(page, "Approve");
      await sees(page, ".merge", "Ready to merge");

      await page.getByLabel("How to merge").selectOption("squash");
      await button(page, "Merge pull request").click();
      await sees(page, ".state", "Merged");
      await sees(page, ".timeline .comment", "To roll back");

      await button(page, "Revert").click();
      await sees(page, "h1", "Revert ");
      await sees(page, ".merge", /Waiting|Blocked/);
      await become(page, "rita-lopez");
      await review(page, "Approve");
      await sees(page, ".merge", "Ready to merge");
      await button(page, "Merge pull request").click();
      await sees(page, ".state", "Merged");
      await page.getByRole("link", { name: /^Issues/ }).click();
      await sees(page, ".list li", /Post-mortem.*rolled-back/s);

      await page
        .getByRole("link", { name: /^Post-mortem: / })
        .first()
        .click();
      await page.getByLabel("Let time pass").selectOption("1440");
      await button(page, "Let time pass").click();
      await sees(page, ".sidebar", "post-mortem:overdue");
      await button(page, "Close issue").click();
      await sees(page, ".timeline .comment", "Reopened");
      await page.getByText(/^Edit the description as /).click();
      const text = await page.getByLabel("Description").inputValue();
      await page
        .getByLabel("Description")
        .fill(text.replace(/_TODO: by whom or by what[^_]*_/, "By the on-call."));
      await button(page, "Save").click();
      await sees(page, ".markdown-body", "By the on-call.");
      expect(complaints.filter((one) => !one.includes("404"))).toEqual([]);
      await page.goto(`${url}/webhooks`);
      await sees(page, "td", "pull_request_review.submitted");
      await sees(page, "td", "POST …/check-runs");
    } finally {
      await close();
    }
  });

  it("round the gate: an administrator merges a red one, and pushes directly", {
    timeout: 400_000,
  }, async () => {
    const { page, url, close } = await visit();
    try {
      await press(page, "Open the pull request");
      await sees(page, ".merge", "Blocked: 3 rules");
      expect(await page.getByLabel(/bypass/).count()).toBe(0);
      await become(page, "alex-kim");
      await page.getByLabel(/bypass/).check();
      await button(page, "Try to merge").click();
      await sees(page, ".state", "Merged");
      await sees(page, ".timeline", "Post-mortem: ");
      await page.locator(".timeline a", { hasText: "Post-mortem: " }).click();
      await sees(page, ".markdown-body", /bypassed the gate/i);

      await page.goto(`${url}/kamiyo/api`);
      await page.getByText("Commit and push").click();
      await button(page, "Push to main").click();
      await sees(page, "#said", "Pushed directly to main.");
      await page.goto(`${url}/kamiyo/api/issues`);
      await sees(page, ".list li:first-child", /Post-mortem: Fix Stripe webhook/);
      await page.getByRole("link", { name: /^Post-mortem: Fix/ }).click();
      await sees(page, ".markdown-body", /pushed directly/i);

      await page.getByText("Start over").first().click();
      await button(page, "Start over with a fresh GitHub").click();
      await sees(page, ".tour-count", "step 1 of 8");
      await page.goto(`${url}/kamiyo/api/pulls`);
      await sees(page, "main", "There is none yet.");
      await press(page, "Open the pull request");
      await sees(page, ".merge", "Blocked: 3 rules");
    } finally {
      await close();
    }
  });

  it("an outsider's hotfix comes from her fork, and calls nobody", { timeout: 300_000 }, async () => {
    const { page, close } = await visit();
    try {
      await become(page, "olga-novak");
      await page.getByRole("link", { name: "Open a pull request of my own" }).click();
      await page.getByLabel("Branch").fill("hotfix/from-outside");
      await page.getByLabel("the fix and one more line").check();
      await button(page, "Create pull request").click();
      await sees(page, ".subtitle", "from olga-novak:hotfix/from-outside");
      await sees(page, ".merge", "Merging is blocked");
      await sees(page, ".merge", "Waiting");
      await page.getByText(/^Push to /).click();
      await button(page, "Push").click();
      await sees(page, ".timeline", "force-pushed the branch");
      expect(await page.locator(".timeline", { hasText: "requested a review" }).count()).toBe(0);
    } finally {
      await close();
    }
  });

  it("without script: everything by reloading", { timeout: 300_000 }, async () => {
    const { page, close } = await visit({ script: false });
    try {
      await page.getByRole("button", { name: "Open the pull request" }).click();
      await page.waitForURL(/\/pull\/1235$/);
      await expect
        .poll(
          async () => {
            await page.reload();
            return page.locator(".merge").textContent();
          },
          { timeout: 90_000, interval: 500 },
        )
        .toContain("Blocked: 3 rules");
      await page.getByLabel("Acting as").selectOption("rita-lopez");
      await button(page, "Switch").click();
      await page.getByLabel("Comment as Rita Lopez").fill("On it.");
      await button(page, "Comment").click();
      await sees(page, ".timeline .comment", "On it.");
    } finally {
      await close();
    }
  });
});
