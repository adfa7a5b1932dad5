import { expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { REQUIRED_FIELDS } from "../../../src/policy/commit-message/fields.ts";
import { landedWithout } from "../../../src/policy/landing/landed-message.ts";
import type { Commit } from "../../../src/policy/snapshot/change.ts";

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
  ["the best of several titled", [commit(WHOLE), commit(PART)], [], ["Deployed-By"]],
  ["a merge besides", [commit(WHOLE), commit("Merge branch 'hotfix/x'", 2)], [], []],
  ["fields in the merge commit", [commit(WHOLE, 2), commit("wip")], [], REQUIRED_FIELDS],
  [
    "the titled one counts",
    [commit(PART), commit(WHOLE.replace("HOTFIX: ", ""))],
    ["Deployed-By"],
    ["Deployed-By"],
  ],
  [
    "a template in a comment above, squashed",
    [
      commit(
        `HOTFIX: Fix it (#1)\n\n<!--\n${REQUIRED_FIELDS.map((field) => `${field}:`).join("\n")}\n-->\n${FIELDS.join("\n")}`,
      ),
    ],
    [],
    [],
  ],
  [
    "a squash that joins several messages",
    [
      commit(
        `HOTFIX: Fix it (#1)\n\n* wip\n\nSeverity: TBD\n\n* ${WHOLE}\n\n* typo\n\n---------\n\nCo-authored-by: Eve <e@x>`,
      ),
    ],
    [],
    [],
  ],
  [
    "bold keys with no-break spaces",
    [commit(`HOTFIX: Fix it\n\n${FIELDS.map((line) => `**${line.replace(":", ":**\u00a0")}`).join("\n")}`)],
    [],
    [],
  ],
  [
    "a table of the fields",
    [
      commit(
        `HOTFIX: Fix it\n\n| Field | Value |\n| - | - |\n${FIELDS.map((line) => `| ${line.replace(": ", " | ")} |`).join("\n")}`,
      ),
    ],
    [],
    [],
  ],
  [
    "Bitbucket's merge that lists the commits",
    [commit(`Merged in hotfix/x (pull request #1)\n\nHOTFIX: Fix it\n\n* ${WHOLE}\n\n* typo`)],
    [],
    [],
  ],
  ["left-over text", [commit(WHOLE.replace("Impact: #1 said", "Impact: TBD"))], ["Impact"], ["Impact"]],
])("%s", (_, commits, one, every) => {
  const policy = defaultPolicy();
  expect(landedWithout(commits, policy)).toEqual(one);
  const strict = { ...policy, commit: { ...policy.commit, require_in: "every" as const } };
  expect(landedWithout(commits, strict)).toEqual(every);
});
