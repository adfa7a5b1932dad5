import { describe, expect, it } from "vitest";
import { parseMessage } from "../../../src/policy/commit-message/parse.ts";
import { blankMessage } from "../../../src/policy/commit-message/template.ts";

describe("a hotfix commit to be filled in", () => {
  it("has what is known of it, and a place for everything else", () => {
    expect(blankMessage(" HOTFIX:  Pay\u202e ", "P0", "kamiyo/web#7")).toEqual([
      "HOTFIX: Pay",
      "",
      "Fixes: kamiyo/web#7",
      "Severity: P0",
      "Impact: [Brief impact]",
      "Root Cause: [Brief cause]",
      "Solution: [Brief solution]",
      "Tested: [Testing performed]",
      "Approved-By: pending",
      "Deployed-By: pending",
    ]);
  });

  it("is complete in no field where nothing is known", () => {
    const { fields } = parseMessage(blankMessage("HOTFIX: Pay", null, null).join("\n"));
    expect(fields).toMatchObject({ Fixes: "#[issue-number]", Severity: "P0/P1" });
  });
});
