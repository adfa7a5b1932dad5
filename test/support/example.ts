import { createHash } from "node:crypto";
import { parse } from "yaml";
import { z } from "zod";
import { parseConfig } from "../../src/config/index.ts";
import { readHotfix } from "../../src/policy/evaluate.ts";
import { known } from "../../src/policy/fact.ts";
import type { Policy, RuleId } from "../../src/policy/policy.ts";
import { ruleById } from "../../src/policy/rules/registry.ts";
import type { Account } from "../../src/policy/snapshot/account.ts";
import type { Commit } from "../../src/policy/snapshot/change.ts";
import type { IssueFacts } from "../../src/policy/snapshot/issue.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import type { Finding } from "../../src/policy/verdict.ts";
import { AUTHOR, at, BASE, commit, file, HEAD, HISTORY, MANAGER, person, snapshot } from "./snapshot.ts";

/**
 * The form of the examples in docs/rules/*.md, as YAML. Every key but `expect` is optional and replaces that
 * part of the procedure's example (test/support/snapshot.ts), in which every rule is satisfied.
 */
const EXAMPLE = z.strictObject({
  branch: z.string().optional(),
  base: z.string().optional(),
  title: z.string().optional(),
  body: z.string().optional(),
  author: z.string().optional(),
  /**
   * All labels that are on. With `by`, somebody else than john (`severity:…`) or jane (`approved:…`) set it.
   */
  labels: z.array(z.union([z.string(), z.strictObject({ name: z.string(), by: z.string() })])).optional(),
  /** All reviews of the head. */
  reviews: z
    .array(
      z.strictObject({
        by: z.string(),
        state: z.enum(["approved", "changes_requested", "commented"]).default("approved"),
      }),
    )
    .optional(),
  /**
   * Oldest first. A commit's parent is the one before it, the first one's the base; `parents` names others,
   * or `base`.
   */
  commits: z
    .array(
      z.union([
        z.string(),
        z.strictObject({
          message: z.string(),
          name: z.string().optional(),
          parents: z.array(z.string()).optional(),
          author: z.string().optional(),
        }),
      ]),
    )
    .optional(),
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        previousPath: z.string().optional(),
        status: z.enum(["added", "removed", "modified", "renamed", "copied", "changed"]).optional(),
        additions: z.int().optional(),
        deletions: z.int().optional(),
        patch: z.string().nullable().optional(),
      }),
    )
    .optional(),
  /** What the repository's issues are, by `#n` or as written in `Fixes`. */
  issues: z
    .record(z.string(), z.enum(["open", "closed", "pull-request", "missing", "not-verified"]))
    .optional(),
  /** How far the head is behind the base, and what the base has changed since. */
  behind: z.strictObject({ by: z.int(), paths: z.array(z.string()).default([]) }).optional(),
  /** Login → role in the repository, beside john (write), jane (admin) and rita (write). */
  people: z.record(z.string(), z.enum(["read", "triage", "write", "maintain", "admin"])).optional(),
  /** The repository allows squash merges only, with this message. */
  squash_only: z
    .strictObject({
      title: z.enum(["PR_TITLE", "COMMIT_OR_PR_TITLE"]),
      message: z.enum(["PR_BODY", "COMMIT_MESSAGES", "BLANK"]),
    })
    .optional(),
  /** Exactly as in .github/hotfix.yml. */
  config: z.record(z.string(), z.unknown()).optional(),
  expect: z.strictObject({ state: z.string(), code: z.string() }),
});
export type Example = z.infer<typeof EXAMPLE>;

/** Reads an example; throws where it has not the form. */
export function parseExample(text: string): Example {
  return EXAMPLE.parse(parse(text));
}

/** What the rule finds in the example. */
export function runExample(rule: RuleId, example: Omit<Example, "expect">): Finding {
  return findingOf(rule, snapshotOf(example), policyOf(example.config ?? {}));
}

/** What the rule finds in a snapshot. */
export function findingOf(rule: RuleId, facts: PullRequestSnapshot, policy: Policy = policyOf({})): Finding {
  return ruleById(rule).check(
    { snapshot: facts, policy, hotfix: readHotfix(facts, policy) },
    policy.rules[rule].options,
  );
}

/**
 * The policy of a configuration, written as in .github/hotfix.yml; throws with the problems where it is
 * invalid.
 */
export function policyOf(config: Readonly<Record<string, unknown>>): Policy {
  const bytes = new TextEncoder().encode(JSON.stringify(config));
  const result = parseConfig([{ file: ".github/hotfix.yml", bytes }]);
  if ("problems" in result) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.policy;
}

function snapshotOf(example: Omit<Example, "expect">): PullRequestSnapshot {
  const { branch, base, title, body, author, labels, reviews, commits, files, behind, people } = example;
  const original = snapshot();
  const { pullRequest } = original;
  return snapshot({
    pr: {
      ...(title !== undefined && { title }),
      ...(body !== undefined && { body }),
      ...(author !== undefined && { author: account(author) }),
      ...(labels !== undefined && {
        labels: labels.map((one) => (typeof one === "string" ? one : one.name)),
      }),
      ...(branch !== undefined && { head: { ...pullRequest.head, ref: branch } }),
      ...(base !== undefined && { base: { ...pullRequest.base, ref: base } }),
    },
    events: {
      ...(labels !== undefined && { labels: labels.map(labeled) }),
      ...(reviews !== undefined && {
        reviews: reviews.map(({ by, state }) => ({
          author: account(by),
          state,
          commit: HEAD,
          at: at("10:08:00"),
        })),
      }),
    },
    ...(commits !== undefined && { commits: known(commitsOf(commits)) }),
    ...(files !== undefined && {
      files: known(
        files.map(({ path, previousPath, status, additions, deletions, patch }) =>
          file(path, {
            ...(previousPath !== undefined && { previousPath }),
            ...(status !== undefined && { status }),
            ...(additions !== undefined && { additions }),
            ...(deletions !== undefined && { deletions }),
            ...(patch !== undefined && { patch }),
          }),
        ),
      ),
    }),
    ...(behind !== undefined && {
      comparison: known({ behindBy: behind.by, mergeBase: BASE, baseChangedPaths: behind.paths }),
    }),
    issues: { ...original.issues, ...issuesOf(example.issues ?? {}) },
    people: {
      ...original.people,
      ...Object.fromEntries(Object.entries(people ?? {}).map(([login, role]) => [login, person(role)])),
    },
    ...(example.squash_only !== undefined && {
      mergeSettings: known({
        mergeCommit: false,
        squash: true,
        rebase: false,
        squashTitle: example.squash_only.title,
        squashMessage: example.squash_only.message,
      }),
    }),
  });
}

function account(login: string): Account {
  return { login, type: login.endsWith("[bot]") ? "Bot" : "User" };
}

function labeled(label: NonNullable<Example["labels"]>[number]) {
  const name = typeof label === "string" ? label : label.name;
  const usual = HISTORY.labels.find((event) => event.label === name);
  const actor = name.startsWith("approved:") ? MANAGER : AUTHOR;
  return {
    ...(usual ?? {
      event: "labeled" as const,
      label: name,
      byApp: false,
      at: at(name.startsWith("approved:") ? "10:10:00" : "10:02:00"),
    }),
    actor: typeof label === "string" ? actor : account(label.by),
  };
}

function commitsOf(given: NonNullable<Example["commits"]>): readonly Commit[] {
  const all = given.map((one) => (typeof one === "string" ? { message: one } : one));
  const shas = new Map<string, string>([["base", BASE]]);
  const shaOf = (i: number): string =>
    i < 0 ? BASE : i === all.length - 1 ? HEAD : createHash("sha1").update(String(i)).digest("hex");
  for (const [i, { name }] of all.entries()) if (name !== undefined) shas.set(name, shaOf(i));
  return all.map(({ message, parents, author }, i) => {
    const who =
      author === undefined ? {} : { login: author, name: author, email: `${author}@kamiyo.example` };
    return commit({
      sha: shaOf(i),
      message: message.trimEnd(),
      parents: parents?.map((name) => shas.get(name) ?? name) ?? [shaOf(i - 1)],
      ...(author !== undefined && { author: who as Commit["author"], committer: who as Commit["author"] }),
    });
  });
}

function issuesOf(given: NonNullable<Example["issues"]>): PullRequestSnapshot["issues"] {
  return Object.fromEntries(
    Object.entries(given).map(([reference, state]) => [
      (reference.startsWith("#") ? `kamiyo/api${reference}` : reference).toLowerCase(),
      known(issueFacts(state)),
    ]),
  );
}

function issueFacts(state: NonNullable<Example["issues"]>[string]): IssueFacts {
  if (state === "missing") return { exists: false };
  if (state === "not-verified") return { exists: "not-verified" };
  return {
    exists: true,
    pullRequest: state === "pull-request",
    state: state === "closed" ? "closed" : "open",
    createdAt: at("09:30:00"),
    labels: [],
    title: "An issue",
  };
}
