import { expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { REQUIRED_FIELDS } from "../../../src/policy/commit-message/fields.ts";
import { landedWithout } from "../../../src/policy/landing/landed-message.ts";
import type { Commit } from "../../../src/policy/snapshot.ts";

const FIELDS = REQUIRED_FIELDS.map((field) => `${field}: ${field === "Severity" ? "P1" : "#1 said"}`);
const WHOLE = ["HOTFIX: Fix it", "", ...FIELDS].join("\n");
const PART = ["HOTFIX: Fix it", "", ...FIELDS.slice(0, 7)].join("\n");

const who = { login: null, name: "", email: "" };
const commit = (message: string, parents = 1): Commit => ({
  sha: "a".repeat(40),
  message,
  author: who,
  committer: who,
  parents: Array.from({ length: parents }, (_, i) => `${i}`.repeat(40)),
});

test.each([
  ["nothing", [], REQUIRED_FIELDS, REQUIRED_FIELDS],
  ["a whole commit", [commit(WHOLE)], [], []],
  ["one field less", [commit(PART)], ["Deployed-By"], ["Deployed-By"]],
  ["a whole one among others", [commit("Add a test"), commit(WHOLE), commit("wip")], [], REQUIRED_FIELDS],
  ["a squash that lost them", [commit("HOTFIX: Fix it (#1)")], REQUIRED_FIELDS, REQUIRED_FIELDS],
  ["fields in the merge commit", [commit(WHOLE, 2), commit("wip")], [], REQUIRED_FIELDS],
  [
    "the titled one counts",
    [commit(PART), commit(WHOLE.replace("HOTFIX: ", ""))],
    ["Deployed-By"],
    ["Deployed-By"],
  ],
  ["left-over text", [commit(WHOLE.replace("Impact: #1 said", "Impact: TBD"))], ["Impact"], ["Impact"]],
])("%s", (_, commits, one, every) => {
  const policy = defaultPolicy();
  expect(landedWithout(commits, policy)).toEqual(one);
  const strict = { ...policy, commit: { ...policy.commit, require_in: "every" as const } };
  expect(landedWithout(commits, strict)).toEqual(every);
});
