import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHotfixCommit } from "../../src/policy/commit-message/hotfix-commit.ts";
import { proposeTitle } from "../../src/policy/commit-message/template.ts";
import { known } from "../../src/policy/fact.ts";
import { completenessOf } from "../../src/policy/post-mortem/completeness.ts";
import { readSeverity } from "../../src/policy/severity.ts";
import { policyOf, runExample } from "../support/example.ts";
import { commit, snapshot } from "../support/snapshot.ts";

/**
 * What people write, in the shapes of public messages, descriptions and post-mortems, written anew; and what
 * is read from each.
 */
const files = (folder: string) =>
  readdirSync(join(import.meta.dirname, folder)).map((name) => ({
    name: `${folder}/${name}`,
    text: readFileSync(join(import.meta.dirname, folder, name), "utf8"),
  }));
const policy = policyOf({});
const SQUASH = {
  mergeCommit: false,
  squash: true,
  rebase: false,
  squashTitle: "PR_TITLE",
  squashMessage: "PR_BODY",
} as const;

function readMessage(text: string, asDescription: boolean) {
  const facts = snapshot({
    pr: asDescription ? { title: "HOTFIX: x", body: text, labels: [] } : { title: "x", body: "", labels: [] },
    commits: known([commit({ message: asDescription ? "HOTFIX: x" : text })]),
    ...(asDescription ? { mergeSettings: known(SQUASH) } : {}),
  });
  const reading = readHotfixCommit(facts, policy);
  const severity = readSeverity(facts, policy, reading);
  if (!reading.known || reading.value === null || !severity.known) throw new Error("nothing was read");
  const { message, missing, titleValid, fixes, closes } = reading.value;
  return {
    ...(asDescription
      ? { checklist: runExample("checklist", { body: text }).code }
      : { titleValid, proposal: proposeTitle(message.title, policy) }),
    severity: severity.value.severity,
    issues: fixes.map(({ repository, number }) => `${repository ?? ""}#${number}`),
    closes,
    missing,
    fields: message.fields,
  };
}

function readPostMortem(body: string) {
  return completenessOf({ body, ownForm: false, reviewOwed: known(false), backMerges: {} }).missing;
}

describe("the corpus", () => {
  it("is as large as it should be", () => {
    expect(["messages", "descriptions", "post-mortems"].flatMap(files).length).toBeGreaterThanOrEqual(50);
  });

  it("is read as people mean it", () => {
    const read = {
      ...Object.fromEntries(files("messages").map(({ name, text }) => [name, readMessage(text, false)])),
      ...Object.fromEntries(files("descriptions").map(({ name, text }) => [name, readMessage(text, true)])),
      ...Object.fromEntries(files("post-mortems").map(({ name, text }) => [name, readPostMortem(text)])),
    };
    const expected = JSON.parse(readFileSync(join(import.meta.dirname, "read.json"), "utf8"));
    expect(JSON.parse(JSON.stringify(read))).toEqual(expected);
  });
});
