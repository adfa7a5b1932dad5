import { createRequire } from "node:module";
import type { WebhookDefinition } from "@octokit/webhooks-examples";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeHints } from "../../src/jobs/hint.ts";
import { keyName } from "../../src/jobs/key.ts";
import { concernsOf, HEARD_EVENTS, ownCreationOf } from "../../src/webhooks/events.ts";

const EXAMPLES: readonly WebhookDefinition[] = createRequire(import.meta.url)("@octokit/webhooks-examples");

const APP = { appId: 7 };
const SHA = "a".repeat(40);
const OLD = "b".repeat(40);
const ZERO = "0".repeat(40);
const BASE = {
  installation: { id: 5 },
  repository: { id: 1, full_name: "acme/payments", default_branch: "main" },
  sender: { login: "jane", type: "User" },
};
const PULL = { number: 12, updated_at: "2025-10-14T10:00:00Z", head: { sha: SHA } };

function jobs(event: string, payload: object) {
  return concernsOf(event, { ...BASE, ...payload }, APP);
}

function ids(event: string, payload: object) {
  return jobs(event, payload).map((job) => keyName(job.key));
}

const comment = (action: string, body: string, more: object = {}) => ({
  action,
  issue: { number: 12, pull_request: {} },
  comment: { body },
  ...more,
});
const ourComment = (action: string, type: string) =>
  comment(action, "status", { comment: { performed_via_github_app: { id: 7 } }, sender: { type } });
const push = (ref: string, more: object = {}) => ({
  ref,
  before: OLD,
  after: SHA,
  commits: [{ modified: ["a"] }],
  ...more,
});
const run = (more: object = {}) => ({
  action: "rerequested",
  check_run: { name: "hotfix-gate", app: { id: 7 }, head_sha: SHA, pull_requests: [{ number: 12 }], ...more },
});
const ISSUE = { number: 57, performed_via_github_app: { id: 7 } };
const MARKED = "<!-- hotfix-guard:post-mortem acme/payments#12 -->";
const BOT = { sender: { login: "stale[bot]", type: "Bot" } };
const postMortem = "acme/payments:post-mortem:57";
const pr = "acme/payments#12";
const hotfixes = "acme/payments:hotfixes";
const all = "acme/payments:all";

describe("concernsOf", () => {
  const cases: readonly (readonly [
    name: string,
    event: string,
    payload: object,
    expected: readonly string[],
  ])[] = [
    ...[
      ...["opened", "reopened", "edited", "synchronize", "labeled", "unlabeled", "closed"],
      ...["ready_for_review", "converted_to_draft"],
    ].map(
      (action) => [`a pull request ${action}`, "pull_request", { action, pull_request: PULL }, [pr]] as const,
    ),
    [
      "a label set by a bot",
      "pull_request",
      { action: "labeled", pull_request: PULL, sender: { type: "Bot" } },
      [pr],
    ],
    ["a pull request assigned", "pull_request", { action: "assigned", pull_request: PULL }, []],
    [
      "a pull request without a number",
      "pull_request",
      { action: "opened", pull_request: { number: "12" } },
      [],
    ],
    ["no installation", "pull_request", { action: "opened", pull_request: PULL, installation: null }, []],
    ["no repository", "pull_request", { action: "opened", pull_request: PULL, repository: null }, []],
    ["a review", "pull_request_review", { action: "submitted", pull_request: PULL }, [pr]],
    ["a review dismissed", "pull_request_review", { action: "dismissed", pull_request: PULL }, [pr]],
    ["a comment without a command", "issue_comment", comment("created", "nice"), []],
    ["a command", "issue_comment", comment("created", "so:\r\n\r\n/hotfix recheck"), [pr]],
    [
      "a command that is edited away",
      "issue_comment",
      comment("edited", "", { changes: { body: { from: "/hotfix" } } }),
      [pr],
    ],
    ["a comment deleted", "issue_comment", comment("deleted", "nice"), [pr]],
    [
      "a command on an issue",
      "issue_comment",
      { ...comment("created", "/hotfix"), issue: { number: 3 } },
      [],
    ],
    ["our own comment", "issue_comment", ourComment("created", "Bot"), []],
    ["our own edit of it", "issue_comment", ourComment("edited", "Bot"), []],
    ["somebody's edit of it", "issue_comment", ourComment("edited", "User"), [pr]],
    ["somebody deleting it", "issue_comment", ourComment("deleted", "User"), [pr]],
    ["a push", "push", push("refs/heads/hotfix/x"), ["acme/payments:branch:hotfix/x"]],
    [
      "a branch deleted",
      "push",
      push("refs/heads/hotfix/x", { after: ZERO, deleted: true }),
      ["acme/payments:branch:hotfix/x"],
    ],
    ["a tag", "push", push("refs/tags/v1"), []],
    ["a push to the default branch", "push", push("refs/heads/main"), ["acme/payments:branch:main"]],
    [
      "a push that changes the configuration",
      "push",
      push("refs/heads/main", { commits: [{ added: [] }, { removed: [".github/hotfix.yml"] }] }),
      ["acme/payments:branch:main", all],
    ],
    [
      "a push that changes the configuration elsewhere",
      "push",
      push("refs/heads/x", { commits: [{ added: [".github/hotfix.yml"] }] }),
      ["acme/payments:branch:x"],
    ],
    [
      "a forced push to the default branch",
      "push",
      push("refs/heads/main", { forced: true }),
      ["acme/payments:branch:main", all],
    ],
    [
      "a push that does not list its commits",
      "push",
      push("refs/heads/main", { commits: null }),
      ["acme/payments:branch:main", all],
    ],
    [
      "the owner's configuration",
      "push",
      {
        ...push("refs/heads/main", { commits: [{ modified: [".github/hotfix.yml"] }] }),
        repository: { full_name: "acme/.github", default_branch: "main" },
      },
      ["acme/.github:branch:main", "acme/.github:all", "installation:5"],
    ],
    ...["opened", "closed", "reopened", "deleted", "transferred"].map(
      (action) =>
        [
          `an issue ${action}`,
          "issues",
          { action, issue: { number: 57 } },
          ["acme/payments:issue:57"],
        ] as const,
    ),
    ["an issue labeled", "issues", { action: "labeled" }, []],
    ["another's issue edited", "issues", { action: "edited", issue: { number: 57 } }, []],
    ...["edited", "closed", "reopened", "deleted", "transferred", "unlabeled", "unlocked"].map(
      (action) => [`a post-mortem ${action}`, "issues", { action, issue: ISSUE }, [postMortem]] as const,
    ),
    ["a post-mortem opened", "issues", { action: "opened", issue: ISSUE }, []],
    ["a post-mortem edited by a bot", "issues", { action: "edited", issue: ISSUE, ...BOT }, []],
    ["a post-mortem closed by a bot", "issues", { action: "closed", issue: ISSUE, ...BOT }, [postMortem]],
    [
      "a post-mortem whose payload does not name the app",
      "issues",
      { action: "closed", issue: { number: 57, user: { type: "Bot" }, body: MARKED } },
      [postMortem],
    ],
    [
      "a person's issue with the marker",
      "issues",
      { action: "edited", issue: { number: 57, user: { type: "User" }, body: MARKED } },
      [],
    ],
    [
      "a command on a post-mortem",
      "issue_comment",
      comment("created", "/hotfix verified", { issue: ISSUE }),
      [postMortem],
    ],
    ["a word on a post-mortem", "issue_comment", comment("created", "thanks", { issue: ISSUE }), []],
    [
      "a command on another issue",
      "issue_comment",
      comment("created", "/hotfix help", { issue: { number: 3 } }),
      [],
    ],
    ["a label renamed", "label", { action: "edited" }, [hotfixes]],
    ["a label deleted", "label", { action: "deleted" }, [hotfixes]],
    ["a label created", "label", { action: "created" }, []],
    ["our check run re-requested", "check_run", run(), [pr, `acme/payments:commit:${SHA}`]],
    [
      "the record of a post-mortem re-requested",
      "check_run",
      run({ name: "hotfix-post-mortem", pull_requests: [] }),
      [`acme/payments:commit:${SHA}`],
    ],
    ["our check run created", "check_run", { ...run(), action: "created" }, []],
    ["our check run completed", "check_run", { ...run(), action: "completed" }, []],
    ["another app's check run", "check_run", run({ app: { id: 8 } }), []],
    [
      "another app's check run completed, on no pull request's commit",
      "check_run",
      { ...run({ app: { id: 8 }, pull_requests: [] }), action: "completed" },
      [`acme/payments:landed-check:${SHA}`],
    ],
    [
      "another app's check run completed, on a pull request",
      "check_run",
      { ...run({ app: { id: 8 } }), action: "completed" },
      [],
    ],
    [
      "another app's suite completed",
      "check_suite",
      { action: "completed", check_suite: { app: { id: 8 }, head_sha: SHA, pull_requests: [] } },
      [`acme/payments:landed-check:${SHA}`],
    ],
    ["a status", "status", { state: "failure", sha: SHA }, [`acme/payments:landed-check:${SHA}`]],
    ["a status that is pending", "status", { state: "pending", sha: SHA }, []],
    ["another check run of ours", "check_run", run({ name: "x" }), []],
    ["a check run of a fork", "check_run", run({ pull_requests: [] }), [`acme/payments:commit:${SHA}`]],
    [
      "a check run of a branch without a pull request",
      "check_run",
      run({ pull_requests: [], check_suite: { head_branch: "hotfix/x" } }),
      [`acme/payments:commit:${SHA}`, "acme/payments:branch:hotfix/x"],
    ],
    [
      "a repository without a full name",
      "pull_request",
      {
        action: "opened",
        pull_request: PULL,
        repository: { id: 1, name: "payments", owner: { login: "acme" } },
      },
      [pr],
    ],
    [
      "a number beside the pull request, which has no time of change",
      "pull_request",
      { action: "opened", number: 12, pull_request: { head: { sha: SHA } } },
      [pr],
    ],
    [
      "a push that does not tell the default branch",
      "push",
      {
        ...push("refs/heads/main", { commits: [{ modified: [".github/hotfix.yml"] }] }),
        repository: { full_name: "acme/payments" },
      },
      ["acme/payments:branch:main", all],
    ],
    [
      "a check run that lists another repository's pull request",
      "check_run",
      run({ pull_requests: [{ number: 9, base: { repo: { id: 2 } } }] }),
      [`acme/payments:commit:${SHA}`],
    ],
    [
      "our suite re-requested",
      "check_suite",
      { action: "rerequested", check_suite: run().check_run },
      [pr, `acme/payments:commit:${SHA}`],
    ],
    [
      "another's suite",
      "check_suite",
      { action: "rerequested", check_suite: { app: { id: 8 }, head_sha: SHA } },
      [],
    ],
    ["a suite requested", "check_suite", { action: "requested", check_suite: run().check_run }, []],
    [
      "a merge group",
      "merge_group",
      {
        action: "checks_requested",
        merge_group: {
          head_sha: SHA,
          base_sha: OLD,
          head_ref: "refs/heads/gh-readonly-queue/main/pr-1",
          base_ref: "refs/heads/main",
        },
      },
      [`acme/payments:merge-group:${SHA}`],
    ],
    [
      "a merge group without its base",
      "merge_group",
      { action: "checks_requested", merge_group: { head_sha: SHA } },
      [],
    ],
    ...["success", "failure", "error", "in_progress", "queued", "pending", "inactive"].map(
      (state): (typeof cases)[number] => [
        `a deployment: ${state}`,
        "deployment_status",
        { action: "created", deployment: { id: 31, sha: SHA }, deployment_status: { state } },
        state === "success" ? ["acme/payments:deployment:31"] : [],
      ],
    ),
    ...[
      [
        "a deployment that waits",
        "https://api.github.com/repos/acme/payments",
        ["acme/payments:waiting-run:31"],
      ],
      [
        "… on another server, or under another name",
        "https://ghe.example/api/v3/repos/x/y",
        ["acme/payments:waiting-run:31"],
      ],
    ].map(([name, at, keys]): (typeof cases)[number] => [
      name as string,
      "deployment_protection_rule",
      {
        action: "requested",
        environment: "production",
        deployment_callback_url: `${at}/actions/runs/31/deployment_protection_rule`,
      },
      keys as string[],
    ]),
    [
      "a deployment that waits somewhere else",
      "deployment_protection_rule",
      { action: "requested", deployment_callback_url: "https://evil.example/actions/runs/31/x" },
      [],
    ],
    ["a merge group destroyed", "merge_group", { action: "destroyed", merge_group: { head_sha: SHA } }, []],
    ["a collaborator", "member", { action: "removed" }, [hotfixes]],
    ["a team's member", "membership", { action: "removed", repository: undefined }, ["installation:5"]],
    ["a team", "team", { action: "deleted", repository: undefined }, ["installation:5"]],
    ["a team of a repository", "team", { action: "removed_from_repository" }, [hotfixes]],
    [
      "an organization's member",
      "organization",
      { action: "member_removed", repository: undefined },
      ["installation:5"],
    ],
    [
      "another default branch",
      "repository",
      { action: "edited", changes: { default_branch: { from: "x" } } },
      [all],
    ],
    ["another description", "repository", { action: "edited", changes: { description: {} } }, []],
    ["a ruleset of the repository", "repository_ruleset", { action: "edited" }, [hotfixes]],
    [
      "a ruleset of the organization",
      "repository_ruleset",
      { action: "deleted", repository: undefined },
      ["installation:5"],
    ],
    ["classic protection", "branch_protection_rule", { action: "deleted" }, [hotfixes]],
    ["a new name", "repository", { action: "renamed" }, [all]],
    [
      "an installation",
      "installation",
      {
        action: "created",
        repositories: [{ full_name: "acme/a" }, { full_name: 3 }, null],
        repository: undefined,
      },
      ["installation:5", "acme/a:all"],
    ],
    ["an installation deleted", "installation", { action: "deleted" }, []],
    ["new permissions", "installation", { action: "new_permissions_accepted" }, ["installation:5"]],
    [
      "more repositories",
      "installation_repositories",
      { action: "added", repositories_added: [{ full_name: "acme/b" }] },
      ["acme/b:all"],
    ],
    ["an event that is not heard", "star", { action: "created" }, []],
    ["an event named like a property of every object", "constructor", { action: "created" }, []],
  ];
  it.each(cases)("%s", (_name, event, payload, expected) => {
    expect(ids(event, payload)).toEqual(expected);
  });

  it("hints what the event knew", () => {
    expect(
      jobs("pull_request", { action: "synchronize", before: OLD, after: SHA, pull_request: PULL })[0]?.hint,
    ).toEqual({
      notBefore: PULL.updated_at,
      headSha: SHA,
      formerHeads: [OLD],
    });
    expect(jobs("pull_request", { action: "labeled", before: OLD, pull_request: PULL })[0]?.hint).toEqual({
      notBefore: PULL.updated_at,
      headSha: SHA,
      labelsAndReviews: true,
    });
    expect(jobs("push", push("refs/heads/x", { before: ZERO }))[0]?.hint).toEqual({ headSha: SHA });
    expect(jobs("push", push("refs/heads/x", { after: ZERO }))[0]?.hint).toEqual({ formerHeads: [OLD] });
    expect(jobs("check_run", run())[0]?.hint).toEqual({ rerequested: true });
    const accepted = jobs("installation", { action: "new_permissions_accepted" });
    expect(accepted[0]?.hint).toEqual({ newPermissions: true });
    expect(jobs("installation", { action: "created" })[0]?.hint).toEqual({});
  });

  it("names branches without the prefix of refs", () => {
    const group = { head_sha: SHA, base_sha: OLD, head_ref: "refs/heads/q", base_ref: "refs/heads/main" };
    expect(jobs("merge_group", { action: "checks_requested", merge_group: group })[0]?.key).toMatchObject({
      baseRef: "main",
      headRef: "q",
    });
  });

  const examples = EXAMPLES.flatMap(({ name, examples }) =>
    examples.map((payload) => ({ name, payload: { ...payload, installation: { id: 5 } } as object })),
  );

  it("finds something of interest in GitHub's own examples of every event it hears", () => {
    const found = new Set(
      examples.filter(({ name, payload }) => ids(name, payload).length > 0).map(({ name }) => name),
    );
    // The examples of checks are other apps', those of comments hold no command, and of deployments that wait
    // and of rulesets there are none; ours are in the table above.
    const foreign = ["check_run", "issue_comment", "deployment_protection_rule", "repository_ruleset"];
    expect([...found].sort()).toEqual(HEARD_EVENTS.filter((name) => !foreign.includes(name)).sort());
  });

  it("does not throw on GitHub's examples, whatever part of them is missing or of another type", () => {
    const wrong = fc.constantFrom(null, undefined, 0, -1, "", "x", [], {}, true, [null]);
    const some = fc.constantFrom(...examples);
    fc.assert(
      fc.property(some, fc.array(fc.nat(30), { maxLength: 4 }), wrong, ({ name, payload }, path, value) => {
        expect(Array.isArray(concernsOf(name, replaced(payload, path, value), APP))).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    for (const name of HEARD_EVENTS) {
      for (const payload of [null, undefined, 1, "x", [], {}, { action: {} }]) {
        expect(concernsOf(name, payload, APP)).toEqual([]);
      }
    }
  });
});

/** A copy in which the value at the path (a number chooses a key) is another. */
function replaced(value: unknown, [index, ...rest]: readonly number[], replacement: unknown): unknown {
  if (index === undefined) return replacement;
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  const key = keys[index % Math.max(1, keys.length)];
  if (key === undefined) return value;
  const copy: Record<string, unknown> = { ...value };
  copy[key] = replaced(copy[key], rest, replacement);
  return copy;
}

describe("labels that a bot sets", () => {
  const hintsOf = (action: string, sender: object) =>
    jobs("pull_request", { action, pull_request: PULL, sender }).map(({ hint }) => hint.labeledBy);
  const bot = { type: "Bot", login: "hotfix-guard[bot]" };

  it("are told from all else, so that the app need not look again at what it has just done", () => {
    expect(hintsOf("labeled", bot)).toEqual(["hotfix-guard[bot]"]);
    expect(hintsOf("unlabeled", bot)).toEqual(["hotfix-guard[bot]"]);
    expect(hintsOf("edited", bot)).toEqual([undefined]);
    expect(hintsOf("labeled", { type: "User", login: "hotfix-guard[bot]" })).toEqual([undefined]);
  });

  it("but anything else that happened with them counts", () => {
    const own = { labeledBy: "hotfix-guard[bot]" };
    expect(mergeHints(own, own).labeledBy).toBe("hotfix-guard[bot]");
    for (const other of [{}, { labeledBy: "renovate[bot]" }]) {
      expect(mergeHints(own, other).labeledBy).toBeUndefined();
      expect(mergeHints(other, own).labeledBy).toBeUndefined();
    }
  });
});

describe("labels and reviews", () => {
  const hintOf = (event: string, more: object) =>
    jobs(event, { pull_request: PULL, ...more })[0]?.hint.labelsAndReviews;

  it("are told from all else, so that what they change can be told without reading the rest", () => {
    expect(hintOf("pull_request", { action: "unlabeled" })).toBe(true);
    expect(hintOf("pull_request_review", { action: "dismissed", review: { id: 1 } })).toBe(true);
    for (const action of ["opened", "reopened", "edited", "synchronize", "closed"])
      expect(hintOf("pull_request", { action })).toBeUndefined();
  });

  it("but anything else that happened with them counts", () => {
    const own = { labelsAndReviews: true } as const;
    expect(mergeHints(own, own).labelsAndReviews).toBe(true);
    expect(mergeHints(own, {}).labelsAndReviews).toBeUndefined();
    expect(mergeHints({}, own).labelsAndReviews).toBeUndefined();
  });
});

describe("that it is merged", () => {
  const hintOf = (more: object) =>
    jobs("pull_request", { action: "closed", pull_request: { ...PULL, ...more } })[0]?.hint;

  it("is kept, whatever comes with it: nothing takes it back", () => {
    const merged = hintOf({ merged_at: "2025-10-14T10:00:00Z" }) ?? {};
    expect(merged.merged).toBe(true);
    expect(hintOf({ merged_at: null })?.merged).toBeUndefined();
    expect(mergeHints(merged, {}).merged).toBe(true);
    expect(mergeHints({}, merged).merged).toBe(true);
  });
});

describe("the branches of a pull request are read ahead", () => {
  const repo = { id: 1 };
  const pull = {
    ...PULL,
    state: "open",
    head: { sha: SHA, ref: "hotfix/a", repo },
    base: { ref: "main", repo },
  };
  const refsOf = (pull_request: object) =>
    jobs("pull_request", { action: "opened", pull_request }).map(({ hint }) => hint.refs);

  it("of an open one that is no fork's", () => {
    expect(refsOf(pull)).toEqual([{ head: "hotfix/a", base: "main" }]);
    expect(refsOf({ ...pull, state: "closed" })).toEqual([undefined]);
    expect(refsOf({ ...pull, head: { ...pull.head, repo: { id: 2 } } })).toEqual([undefined]);
    expect(refsOf({ ...pull, head: { ...pull.head, repo: null } })).toEqual([undefined]);
    expect(refsOf(PULL)).toEqual([undefined]);
  });

  it("those that belong to the head that is known", () => {
    const older = { headSha: OLD, notBefore: "2025-10-14T10:00:00Z", refs: { head: "a", base: "main" } };
    const newer = { headSha: SHA, notBefore: "2025-10-14T10:00:01Z", refs: { head: "a", base: "next" } };
    expect(mergeHints(older, newer).refs).toEqual(newer.refs);
    expect(mergeHints(newer, older).refs).toEqual(newer.refs);
    expect(mergeHints(older, { headSha: SHA, notBefore: "2025-10-14T10:00:01Z" }).refs).toBeUndefined();
    expect(mergeHints(older, {}).refs).toEqual(older.refs);
  });
});

describe("what the app has created itself", () => {
  const issue = {
    id: 70,
    number: 60,
    created_at: "2026-11-28T16:00:00Z",
    performed_via_github_app: { id: 1 },
  };
  const opened = {
    action: "opened",
    installation: { id: 9 },
    repository: { id: 4711, name: "api", full_name: "kamiyo/api", owner: { login: "kamiyo" } },
    issue,
  };

  it("is told by its event", () => {
    expect(ownCreationOf("issues", opened, { appId: 1 })).toMatchObject({ what: "issue", id: 70 });
    expect(ownCreationOf("issues", opened, { appId: 2 })).toBeNull();
  });

  it("is nothing that people have moved here: no second instance is seen in it", () => {
    const moved = { ...opened, changes: { old_issue: { id: 3, number: 5 }, old_repository: { id: 2 } } };
    expect(ownCreationOf("issues", moved, { appId: 1 })).toBeNull();
  });
});
