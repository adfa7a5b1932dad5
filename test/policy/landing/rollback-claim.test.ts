import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import { unprovenRollback } from "../../../src/policy/landing/rollback-claim.ts";
import { NOTICES } from "../../../src/policy/notices.ts";
import { ROLLBACK_MISSES } from "../../../src/policy/snapshot/proof.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { commit, snapshot } from "../../support/snapshot.ts";

const miss = { why: "other-content", number: 40 } as const;
const titled = (title: string, ref = "feature/x"): PullRequestSnapshot => ({
  ...snapshot({ pr: { title, head: { ...snapshot().pullRequest.head, ref } } }),
  rollbackMiss: miss,
});

describe("what says of itself that it is a rollback is told why it is none", () => {
  test.each<[string, PullRequestSnapshot, boolean]>([
    ["GitHub's button", titled('Revert "HOTFIX: Fix it"'), true],
    ["in words", titled("Roll back the payment fix"), true],
    ["as a hotfix", titled("HOTFIX: Rollback of #40"), true],
    ["by its branch", titled("Payments", "revert-40-hotfix/x"), true],
    [
      "by what git revert writes",
      {
        ...titled("Payments"),
        commits: known([
          commit({ message: "Correct a test" }),
          commit({ message: `Undo\n\nThis reverts commit ${"a".repeat(40)}.` }),
        ]),
      },
      true,
    ],
    ["an ordinary one", titled("Payments"), false],
    ["a word that only begins like it", titled("Reverted timestamps are sorted"), false],
    [
      "one that is proven",
      { ...titled("Revert it"), rollbackOf: known({ number: 40, title: "x", mergeSha: "a" }) },
      false,
    ],
    ["one that could not be read", { ...titled("Revert it"), rollbackOf: unknown("x") }, false],
    ["one of which nothing is missing", { ...titled("Revert it"), rollbackMiss: undefined as never }, false],
  ])("%s", (_what, of, told) => expect(unprovenRollback(of)).toEqual(told ? miss : null));
});

test("each reason has a text", () => {
  for (const why of ROLLBACK_MISSES) expect(Object.keys(NOTICES)).toContain(`rollback-${why}`);
});

test.each(["feature/x", "hotfix/revert"])("the check of %s says it", (ref) => {
  const { notices } = evaluate(titled("Revert it", ref), {
    state: "valid",
    policy: defaultPolicy(),
    source: "",
  });
  expect(notices).toContainEqual({ code: "rollback-other-content", data: { hotfix: "#40" } });
});
