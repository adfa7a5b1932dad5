import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderVerification, type VerificationContext } from "../../src/render/post-mortem/notices.ts";
import { mentionPerson } from "../../src/render/text/mention.ts";
import { all, dangers, nasty, parse } from "./nasty.ts";

const MIN = 60_000;
const reminder = { id: "after-900", at: 0, after: 15 * MIN };
const context = (more: Partial<VerificationContext> = {}): VerificationContext => ({
  deployed: { at: "2025-10-14T11:00:00Z", by: "john-smith", detail: "production" },
  since: 15 * MIN,
  kinds: [{ kind: "payment", items: ["Send a test webhook"] }],
  calls: [mentionPerson("john-smith")].filter((node) => node !== null),
  ...more,
});

describe("renderVerification", () => {
  it("says what was deployed when, what to check now, and what to write then", () => {
    const { marker, body } = renderVerification({ reminder, checks: ["immediate"] }, context());
    expect(marker).toBe("<!-- hotfix-guard:verify after-900 -->");
    expect(
      body,
    ).toBe(`@john-smith 🔎 **Check production now.** The fix was deployed to \`production\` 15 min ago, 2025-10-14 11:00 UTC.

**First:**

- The issue is resolved
- Error rates dropped
- Response times are normal
- No new errors
- Critical user flows work
- Send a test webhook

If the fix works, comment \`/hotfix verified\` to stop these reminders. If it doesn't, comment \`/hotfix rollback\` for the commands to roll back.

<!-- hotfix-guard:verify after-900 -->
`);
  });

  it("after an hour, with what was missed", () => {
    const { body } = renderVerification(
      { reminder: { ...reminder, id: "after-3600" }, checks: ["immediate", "short-term"] },
      context({ since: 130 * MIN, calls: [], kinds: [] }),
    );
    expect(body).toContain("deployed to `production` 2 h 10 min ago");
    expect(body.startsWith("🔎")).toBe(true);
    expect(body.indexOf("Error rates dropped")).toBeLessThan(body.indexOf("Full smoke test"));
  });

  it("foreign text is only text", () => {
    fc.assert(
      fc.property(nasty, nasty, (environment, item) => {
        const { body } = renderVerification(
          { reminder, checks: ["immediate"] },
          context({
            deployed: { at: "2025-10-14T11:00:00Z", by: null, detail: environment },
            kinds: [{ kind: "payment", items: [item] }],
            calls: [],
          }),
        );
        const root = parse(body);
        expect(dangers(root)).toEqual([]);
        expect(all(root, "html").map(({ value }) => value)).toEqual([
          "<!-- hotfix-guard:verify after-900 -->",
        ]);
        expect(all(root, "listItem")).toHaveLength(6);
      }),
    );
  });
});
