import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { planPushed } from "../../src/plan/branch.ts";
import { planDeployed, planWaitingRun } from "../../src/plan/deployment.ts";
import type { Evaluated } from "../../src/plan/evaluated.ts";
import { planClosed, planGateOver } from "../../src/plan/gate/closed.ts";
import { type ConversationFacts, planConversation } from "../../src/plan/gate/conversation.ts";
import { planFreeze } from "../../src/plan/gate/freeze.ts";
import { planFormerHeads } from "../../src/plan/gate/left-heads.ts";
import { planMergeGroup } from "../../src/plan/gate/merge-group.ts";
import { type OpenFacts, planOpen } from "../../src/plan/gate/open.ts";
import { planBranch, planUnreadable } from "../../src/plan/gate/without-verdict.ts";
import { decidePushed, type Landing } from "../../src/plan/landing/decide.ts";
import { planLandings, planMerged, planOpening, planRecord } from "../../src/plan/landing/landing.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planPostMortem } from "../../src/plan/post-mortem/post-mortem.ts";
import { parseCommand } from "../../src/policy/command.ts";
import type { DeploymentDecision } from "../../src/policy/deployment/deployment-review.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known, neverKnown, unknown } from "../../src/policy/fact.ts";
import type { AfterMerge } from "../../src/policy/landing/after-merge.ts";
import { snapshotOfPush } from "../../src/policy/landing/push-snapshot.ts";
import { recordPlaces } from "../../src/policy/landing/record-places.ts";
import type { LateCommand } from "../../src/policy/post-mortem/commands.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import type { PostMortemIssue } from "../../src/policy/post-mortem/issue.ts";
import type { Comment } from "../../src/policy/snapshot/history.ts";
import { renderBranchCheck } from "../../src/render/gate/check-without-verdict.ts";
import { renderPostMortem } from "../../src/render/post-mortem/issue.ts";
import { DOCS, MERGES, SITUATIONS, situation } from "../render/situations.ts";
import { AUTHOR, at, BASE, commit, file, HEAD, MANAGER, snapshot } from "../support/snapshot.ts";
import { AFTER, made, issue as postMortemIssue } from "./post-mortem-support.ts";
import { evaluated, inWords, REPOSITORY } from "./support.ts";

/**
 * What is done about each kind of thing in typical situations, whole: actions, jobs, watch list, memory,
 * announcements, retry, log. A golden for each kind (`npx vitest run test/plan -u` writes them anew); the
 * tables beside this file hold the single decisions.
 */
async function golden(name: string, plans: Readonly<Record<string, Plan>>): Promise<void> {
  const text = Object.entries(plans).map(([what, one]) => `## ${what}\n${inWords(one)}\n`);
  await expect(text.join("\n")).toMatchFileSnapshot(`__golden__/${name}.txt`);
}

const POLICY = defaultPolicy();
const NOW = at("11:00:00");
const ISSUE = { repository: "kamiyo/api", number: 57, url: "https://github.example/kamiyo/api/issues/57" };
const FORMER = { sha: "f".repeat(40), key: "7@fffffff", stays: false };
const GREEN = { id: 3, status: "completed", conclusion: "success", externalId: "x" };
const LEFT = known({ heads: [{ ...FORMER, runs: [GREEN] }], more: true });
const NONE_LEFT = known({ heads: [], more: false });

function conversation(own: Evaluated, more: Partial<ConversationFacts> = {}): Plan {
  return planConversation({
    own,
    postMortem: null,
    told: { keys: new Set(), of: "7#42" },
    announces: true,
    repository: REPOSITORY,
    docsUrl: DOCS,
    show: "quiet",
    ...more,
  });
}

function open(own: Evaluated, more: Partial<OpenFacts> = {}): Plan {
  return planOpen({
    own,
    voters: [own],
    bystanders: [],
    outsiders: [],
    groups: known([]),
    record: { text: "{}", digest: null },
    conversation: conversation(own),
    hint: {},
    repository: REPOSITORY,
    docsUrl: DOCS,
    show: "quiet",
    ...more,
  });
}

const of = (name: keyof typeof SITUATIONS): Evaluated => evaluated(SITUATIONS[name]());

describe("what is done about", () => {
  it("an open pull request", () =>
    golden("pull-request", {
      "breaks many rules": open(of("sloppy")),
      "waits for an approval": open(of("waiting")),
      ready: open(of("ready")),
      "has left a head, whatever its verdict": planFormerHeads(of("ready"), LEFT, {}, REPOSITORY),
      "ready, and shares its head": open(of("ready"), {
        voters: [of("ready"), { ...of("waiting"), number: 43 }],
      }),
      "is no hotfix": open(of("ordinary")),
      "is no hotfix, and waits for one": open({
        ...of("ordinary"),
        verdict: {
          ...of("ordinary").verdict,
          frozenFor: { number: 12, url: "https://github.example/kamiyo/api/pull/12", base: "main" },
        },
      }),
      "has begun to freeze its base, or ends that": planFreeze(REPOSITORY, "2025-10-14T10:20:00Z"),
      "only observed": open(of("observed")),
      "could not be read, at first": open(of("unread")),
      "could not be read, shown": open(of("unread"), { show: "retrying" }),
      "could not be read, given up": open(of("unread"), { show: "gave-up" }),
      "was closed": planClosed(
        of("ready"),
        known([]),
        known({ ...FORMER, sha: HEAD, runs: [GREEN] }),
        NONE_LEFT,
        {},
        REPOSITORY,
      ),
      "was merged": planGateOver(of("ready"), LEFT, {}, REPOSITORY),
    }));

  it("what people read on it", () =>
    golden("conversation", {
      "breaks many rules": conversation(of("sloppy")),
      "waits for an approval, opened 20 minutes ago": conversation(of("waiting")),
      "P0, just approved": conversation(of("p0")),
      ready: conversation(of("ready")),
      "a rollback": conversation(of("rollback")),
      "is no hotfix": conversation(of("ordinary")),
      "could not be read, shown": conversation(of("unread"), { show: "retrying" }),
    }));

  it("commands on it", () => {
    const say = (...bodies: readonly string[]): Plan => {
      const comments = bodies.map((body, i): Comment => {
        const createdAt = at("10:12:00");
        return {
          id: i + 1,
          author: MANAGER,
          byApp: false,
          body,
          createdAt,
          updatedAt: createdAt,
          url: `u${i}`,
        };
      });
      return conversation(evaluated(situation(snapshot({ events: { comments } }))));
    };
    return golden("command", {
      "/hotfix help": say("/hotfix help"),
      "/hotfix override": say("/hotfix override scope the generated client changed too"),
      "/hotfix override without a reason": say("/hotfix override scope"),
      "/hotfix verified before the merge": say("/hotfix verified"),
      "/hotfix rollback before the merge": say("/hotfix rollback"),
      "/hotfix recheck": say("/hotfix recheck"),
      "three at once": say("/hotfix help", "/hotfix verified", "/hotfix rollback"),
    });
  });

  it("a branch", () => {
    const pull = (number: number, headRef: string, baseRef: string) => ({
      number,
      title: "t",
      labels: [],
      headRef,
      baseRef,
      isFromHere: true,
    });
    const pulls = [pull(7, "hotfix/x", "main"), pull(8, "feature/y", "main")];
    const check = renderBranchCheck(
      { name: "hotfix/x", base: "main", repositoryUrl: "https://github.example/kamiyo/api", early: null },
      { docsUrl: DOCS, record: "{}" },
    );
    return golden("branch", {
      "production was pushed to": planPushed({ here: REPOSITORY, ref: "main", pulls, policy: POLICY }, {}),
      "a hotfix was pushed to": planPushed(
        { here: REPOSITORY, ref: "hotfix/x", pulls, policy: POLICY },
        { headSha: HEAD },
      ),
      "production was pushed to: what landed is looked at": planLandings(REPOSITORY, "main", {
        headSha: HEAD,
        formerHeads: [BASE],
        rerequested: true,
      }),
      "a hotfix without a pull request": planBranch(HEAD, check, [], false),
      "the same, seen again": planBranch(HEAD, check, [{ id: 1, ...check }], false),
      "could not be read, given up": planUnreadable({
        headSha: HEAD,
        runs: [],
        facts: [unknown("the pull request: GitHub answered 502")],
        record: "{}",
        docsUrl: DOCS,
        show: "gave-up",
        attempt: 5,
      }),
      "can never be read": planUnreadable({
        headSha: HEAD,
        runs: [],
        facts: [neverKnown("the commits: more than 250", "squash them")],
        record: "{}",
        docsUrl: DOCS,
        show: "quiet",
        attempt: 0,
      }),
      "a merge group": planMergeGroup(HEAD, [of("ready"), { ...of("waiting"), number: 43 }], [], {
        docsUrl: DOCS,
        show: "quiet",
        repository: REPOSITORY,
      }),
    });
  });

  it("a merge", () => {
    const plans = (landing: Landing, name: string): Readonly<Record<string, Plan>> => {
      const facts = postMortemFacts(landing.snapshot, landing.verdict, landing.policy);
      if (facts === null) throw new Error("not merged");
      const more = { number: 42, statusComment: null, answers: [], docsUrl: DOCS };
      return {
        [`${name}: its post-mortem`]: planOpening(landing, facts, null, null),
        [`${name}: on record`]: planRecord(facts, ISSUE, recordPlaces(landing.snapshot), REPOSITORY),
        [`${name}: its status comment`]: planMerged(landing, { ...more, postMortem: ISSUE }),
        [`${name}: no post-mortem could be opened`]: planMerged(landing, {
          ...more,
          postMortem: { problem: "could not be opened: issues are turned off" },
        }),
      };
    };
    return golden("merge", {
      ...plans(MERGES.ready(), "as it should be"),
      ...plans(MERGES["without-approval"](), "without an approval"),
    });
  });

  it("a push of hotfix commits", () => {
    const { app, repository } = snapshot();
    const push = { branch: "main", before: BASE, after: HEAD, at: at("10:30:00"), by: AUTHOR };
    const pushed = snapshotOfPush(
      push,
      { commits: [commit()], branch: "hotfix/x", files: [file("src/payments/stripe.py")] },
      { app, repository, observedAt: at("10:31:00") },
      POLICY,
    );
    const verdict = evaluate(pushed, { state: "valid", policy: POLICY, source: "defaults" });
    const decision = decidePushed({ snapshot: pushed, verdict, policy: POLICY }, "gave-up");
    if (decision.do !== "open") throw new Error(decision.do);
    const { landing, facts } = decision;
    return golden("push", {
      "its post-mortem": planOpening(landing, facts, null, null),
      "on record": planRecord(facts, ISSUE, recordPlaces(pushed), REPOSITORY),
    });
  });

  it("a post-mortem", () => {
    const facts = postMortemFacts(made.snapshot, made.verdict, POLICY, AFTER);
    if (facts === null) throw new Error("not merged");
    const key = { ...REPOSITORY, kind: "post-mortem", number: 57 } as const;
    const issue = postMortemIssue({ ...ISSUE, body: renderPostMortem(facts, {}).body });
    const closings = [{ at: at("10:40:00"), actor: AUTHOR, byApp: false }];
    const plans = (
      what: string,
      more: {
        readonly issue?: Partial<PostMortemIssue>;
        readonly after?: Partial<AfterMerge>;
        readonly observedAt?: string;
        readonly command?: string;
      } = {},
    ): Readonly<Record<string, Plan>> => {
      const command = more.command === undefined ? null : parseCommand(more.command);
      const createdAt = at("10:50:00");
      const said = { id: 5, author: MANAGER, byApp: false, body: more.command ?? "", url: "u", createdAt };
      const comment = { ...said, updatedAt: createdAt };
      const commands: readonly LateCommand[] =
        command === null
          ? []
          : [{ place: "post-mortem", comment, login: "jane", command, counts: known(true) }];
      const planned = planPostMortem({
        key,
        issue: { ...issue, ...more.issue },
        policy: POLICY,
        incident: {
          ...made,
          pullRequest: { number: 42, collected: { statusComment: known(null), answers: known(new Set()) } },
        },
        commands,
        after: { ...AFTER, ...more.after },
        answers: {
          commands,
          given: new Set(),
          numbers: { "pull-request": 42, "post-mortem": 57 },
          postMortem: null,
          merged: true,
          rollback: {
            repository: snapshot().repository,
            number: 42,
            base: "main",
            sha: HEAD,
            how: { kind: "squash" },
          },
          tell: [],
        },
        observedAt: more.observedAt ?? NOW,
        docsUrl: DOCS,
      });
      return { [what]: planned.issue, [`${what}: on the pull request`]: planned.pullRequest };
    };
    return golden("post-mortem", {
      ...plans("fresh"),
      ...plans("overdue", { observedAt: "2025-10-15T12:00:00Z" }),
      ...plans("overdue for two days", { observedAt: "2025-10-17T12:00:00Z" }),
      ...plans("closed unfinished", { issue: { state: "closed", closings } }),
      ...plans("let pass unfinished", {
        issue: { state: "closed", closings },
        command: "/hotfix override post-mortem no time",
      }),
      ...plans("rolled back", {
        after: { rolledBack: known({ at: at("10:45:00"), by: "jane", detail: "abc" }) },
      }),
      ...plans("a rollback is asked for", { command: "/hotfix rollback" }),
      ...plans("verified", {
        command: "/hotfix verified",
        after: { verified: { at: at("10:50:00"), by: "jane", detail: "" } },
      }),
      ...plans("deployed, not verified", {
        after: { deployed: known({ at: at("10:35:00"), by: "john", detail: "production" }) },
      }),
      ...plans("deployments could not be read", { after: { deployed: unknown("the deployments") } }),
    });
  });

  it("a deployment", () => {
    const run = {
      id: 9,
      attempt: 1,
      event: "push",
      headSha: HEAD,
      ref: "hotfix/x",
      headRepository: "kamiyo/api",
      pullRequests: [],
    };
    const waits = (decision: DeploymentDecision, first = false): Plan => {
      const {
        waits: _,
        approves: __,
        ...plan
      } = planWaitingRun({
        run,
        decisions: { production: decision },
        said: {},
        sayKey: (environment) => `7 run 9 1 ${environment}`,
        runKey: "7 run 9",
        guarding: "[]",
        show: "quiet",
        first,
        docsUrl: DOCS,
      });
      return plan;
    };
    const url = "https://github.example/kamiyo/api/pull/42";
    return golden("deployment", {
      succeeded: planDeployed({
        here: REPOSITORY,
        pullRequests: [42],
        branches: ["hotfix/x"],
        postMortems: { there: { ...REPOSITORY, repo: "reports", repositoryId: 8 }, waiting: [57] },
      }),
      "succeeded, post-mortems could not be read": planDeployed({
        here: REPOSITORY,
        pullRequests: [42],
        branches: [],
        postMortems: null,
      }),
      "waits, may go": waits({ decision: "approved", reason: { kind: "landed", branch: "main" } }),
      "waits, may not go, first look": waits(
        { decision: "rejected", reason: { kind: "holds", number: 42, url } },
        true,
      ),
      "waits, may not go": waits({ decision: "rejected", reason: { kind: "holds", number: 42, url } }),
      "waits, could not be read": waits({ decision: "wait", reason: { kind: "unread", what: "the checks" } }),
    });
  });
});

describe("every plan", () => {
  it("that is carried out has a test by its name", () => {
    const read = (folder: string, except = "-") =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts") && !name.startsWith(except))
        .map((name) => readFileSync(`${folder}/${name}`, "utf8"))
        .join("\n");
    const made = [...read("src/plan").matchAll(/^export function ((?:plan|decide)[A-Z]\w*)/gm)];
    const used = read("src", "plan/");
    const names = made.map(([, name = ""]) => name).filter((name) => used.includes(`${name}(`));
    const tests = read("test/plan");
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !tests.includes(`${name}(`))).toEqual([]);
  });
});
