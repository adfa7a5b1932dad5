import { describe, expect, test } from "vitest";
import { applyActions } from "../../src/github/apply/apply.ts";
import type { Action, DesiredCheck, DesiredIssue } from "../../src/policy/action.ts";
import { FAULTS, type Fault, testClient, withoutNetwork } from "../support/nock-github.ts";
import { type World, world } from "../support/nock-world.ts";

withoutNetwork();

const SHA = "a".repeat(40);
const REPO = { owner: "o", repo: "r" };
const log = { info: () => undefined, warn: () => undefined };
const pause = async () => undefined;

function apply(actions: readonly Action[], client = testClient()) {
  return applyActions(client, REPO, actions, log, { pause });
}

function check(more: Partial<DesiredCheck> = {}): DesiredCheck {
  return {
    status: "completed",
    conclusion: "failure",
    title: "Blocked: 1 rule",
    summary: "| rule |",
    text: "",
    annotations: [],
    externalId: "digest-1",
    ...more,
  };
}

const upsert = (more: Partial<DesiredCheck> = {}): Action => ({
  type: "upsert-check-run",
  rerequested: false,
  headSha: SHA,
  check: check(more),
});
const MARKER = "<!-- hotfix-guard:status o/r#5 -->";
const status = (commentId: number | null, body = `Hello\n\n${MARKER}`): Action => ({
  type: "upsert-status-comment",
  number: 5,
  commentId,
  body,
});
const ANSWER = "<!-- hotfix-guard:answer 17 -->";
const answer: Action = { type: "post-answer", number: 5, marker: ANSWER, body: `Yes.\n\n${ANSWER}` };
const POST_MORTEM = "<!-- hotfix-guard:post-mortem o/r#5 -->";
const issue = (more: Partial<DesiredIssue> = {}): Action => ({
  type: "open-post-mortem",
  issue: {
    repository: "o/r",
    marker: POST_MORTEM,
    title: "Post-mortem: x (#5)",
    body: `## Incident Summary\n\n${POST_MORTEM}`,
    labels: ["post-mortem", "severity:P1"],
    assignees: ["alice"],
    since: "2025-10-14T10:00:00Z",
    pullRequest: 5,
    ...more,
  },
});
const record: Action = {
  type: "record-post-mortem",
  sha: SHA,
  subject: "#5",
  postMortem: { repository: "o/incidents", number: 7, url: "https://github.example/o/incidents/issues/7" },
  title: "Post-mortem: o/incidents#7",
  summary: "It is there.",
};
const definition = (name: string) => ({ name, color: "b60205", description: "d" });
const ensure = (...names: string[]): Action => ({ type: "ensure-labels", labels: names.map(definition) });
const add: Action = { type: "add-label", number: 5, label: "severity:P1" };
const remove: Action = { type: "remove-label", number: 5, label: "approved:on-call" };

/** Each write: the action, the route that does it, and what is there when it was done `n` times. */
interface Write {
  readonly action: Action;
  readonly route: string;
  readonly prepare?: (w: World) => void;
  readonly count?: (w: World) => number;
}
const run = (more: object) => ({ id: 50, name: "hotfix-gate", app: { id: 7 }, status: "completed", ...more });
const CREATES: Record<string, Write> = {
  "check run": { action: upsert(), route: "POST check-runs", count: (w) => w.runs.length },
  "status comment": { action: status(null), route: "POST comments", count: (w) => w.comments.length },
  answer: { action: answer, route: "POST comments", count: (w) => w.comments.length },
  "post-mortem": { action: issue(), route: "POST issues", count: (w) => w.issues.length },
  "record of the post-mortem": { action: record, route: "POST check-runs", count: (w) => w.runs.length },
};
const OTHERS: Record<string, Write> = {
  "update of the check run": {
    action: upsert(),
    route: "PATCH check-run",
    prepare: (w) => w.runs.push(run({ conclusion: "action_required", external_id: "old" })),
  },
  "cancellation of a check run": {
    action: {
      type: "cancel-check-run",
      headSha: SHA,
      checkRunId: 50,
      reason: "No longer the head.",
      forget: false,
    },
    route: "PATCH check-run",
    prepare: (w) => w.runs.push(run({ conclusion: "success" })),
  },
  "update of the status comment": {
    action: status(60),
    route: "PATCH comment",
    prepare: (w) =>
      w.comments.push({ id: 60, body: `Old ${MARKER}`, user: { login: "hotfix-guard[bot]", type: "Bot" } }),
  },
  "label of the repository": { action: ensure("a"), route: "POST labels" },
  "label set": { action: add, route: "POST label" },
  "label taken off": { action: remove, route: "DELETE label", prepare: (w) => w.on.push("approved:on-call") },
};

describe("creates are done once", () => {
  describe.each(Object.entries(CREATES))("%s", (_name, { action, route, count = () => -1 }) => {
    const unclear = ["500", "502", "timeout", "network", "truncated"] as const satisfies readonly Fault[];

    test("applied twice, it is there once", async () => {
      const w = world();
      w.labels.push("post-mortem", "severity:P1");
      await apply([action]);
      const again = await apply([action]);
      expect(again.failures).toEqual([]);
      expect(count(w)).toBe(1);
      expect(w.writes()).toEqual([route]);
    });

    test("applied twice side by side, it is there once", async () => {
      const w = world();
      w.labels.push("post-mortem", "severity:P1");
      const client = testClient();
      await Promise.all([apply([action], client), apply([action], client)]);
      expect(count(w)).toBe(1);
    });

    test.each(unclear)("committed, but answered with %s: found again, not doubled", async (fault) => {
      const w = world();
      w.labels.push("post-mortem", "severity:P1");
      w.fails(route, fault, { commit: true });
      expect((await apply([action])).failures).toEqual([]);
      expect(count(w)).toBe(1);
      expect(w.writes()).toEqual([route]);
    });

    test.each(unclear)("not committed, answered with %s: tried again", async (fault) => {
      const w = world();
      w.labels.push("post-mortem", "severity:P1");
      w.fails(route, fault);
      expect((await apply([action])).failures).toEqual([]);
      expect(count(w)).toBe(1);
      expect(w.writes()).toEqual([route, route]);
    });

    test.each(unclear)("%s without an end: three tries, then a failure to be retried", async (fault) => {
      const w = world();
      w.labels.push("post-mortem", "severity:P1");
      w.fails(route, fault, { times: 99 });
      const { failures } = await apply([action]);
      expect(failures).toMatchObject([{ action, retry: true }]);
      expect(w.writes()).toEqual([route, route, route]);
    });

    test("not tried again while it cannot be looked up", async () => {
      const w = world();
      w.labels.push("post-mortem", "severity:P1");
      w.fails(route, "502", { commit: true });
      const look = route.replace("POST", "GET");
      // The first look is before the create.
      const client = testClient();
      client.octokit.hook.error("request", (error, { method }) => {
        if (method === "POST") w.fails(look, "502", { times: 99 });
        throw error;
      });
      expect((await apply([action], client)).failures).toMatchObject([{ retry: true }]);
      expect(count(w)).toBe(1);
      expect(w.writes()).toEqual([route]);
    });

    test("nothing is created blindly where the first look fails", async () => {
      const w = world();
      w.labels.push("post-mortem", "severity:P1");
      w.fails(route.replace("POST", "GET"), "502", { times: 99 });
      expect((await apply([action])).failures).toMatchObject([{ retry: true }]);
      expect(w.writes()).toEqual([]);
    });
  });

  test("with Probot's own throttle and retries on: a create answered 502 is not doubled", async () => {
    const w = world();
    w.labels.push("post-mortem", "severity:P1");
    w.fails("POST issues", "502", { commit: true });
    const { failures, postMortems } = await apply([issue()], testClient({ throttle: true }));
    expect(failures).toEqual([]);
    expect(w.issues).toHaveLength(1);
    expect(postMortems).toMatchObject([{ pullRequest: 5, repository: "o/r", number: w.issues[0]?.number }]);
  });
});

describe("every write, every fault", () => {
  const table = Object.entries({ ...CREATES, ...OTHERS }).flatMap(([name, write]) =>
    FAULTS.map((fault) => [name, fault, write] as const),
  );
  /** Time fixes the others. */
  const FINAL: readonly Fault[] = ["403", "404", "422"];
  /** Where the answer is what was wanted, or is got round. */
  const FINE: readonly string[] = [
    "cancellation of a check run 404",
    "update of the status comment 404",
    "label taken off 404",
  ];

  test.each(table)(
    "%s, %s: said so in plain words, the others are done",
    async (name, fault, { action, route, prepare }) => {
      const w = world();
      prepare?.(w);
      w.fails(route, fault, { times: 99 });
      const other: Action = route === "POST label" ? remove : add;
      const { failures } = await apply([action, other]);
      const own = failures.filter((failure) => failure.action.type === action.type);
      if (FINE.includes(`${name} ${fault}`)) {
        expect(failures).toEqual([]);
        return;
      }
      expect(own).toHaveLength(1);
      expect(own[0]?.retry).toBe(!FINAL.includes(fault));
      expect(own[0]?.reason).toMatch(/^(the|an|setting|removing|cancelling) [^/{]*: /);
      // A rate limit stops the rest (below): it would only be refused too.
      if (fault !== "429") expect(failures).toHaveLength(1);
    },
  );
});

describe("the check run", () => {
  test("is created with all that it says", async () => {
    const w = world();
    const annotation = {
      path: "a.ts",
      startLine: 1,
      endLine: 2,
      level: "failure",
      title: "t",
      message: "m",
    } as const;
    await apply([upsert({ text: "text", annotations: [annotation] })]);
    expect(w.requests.at(-1)?.body).toEqual({
      name: "hotfix-gate",
      head_sha: SHA,
      status: "completed",
      conclusion: "failure",
      external_id: "digest-1",
      output: {
        title: "Blocked: 1 rule",
        summary: "| rule |",
        text: "text",
        annotations: [
          { path: "a.ts", start_line: 1, end_line: 2, annotation_level: "failure", title: "t", message: "m" },
        ],
      },
    });
  });

  test("in_progress goes out without a conclusion, which GitHub would refuse as null", async () => {
    const w = world();
    await apply([upsert({ status: "in_progress", conclusion: null })]);
    expect(w.requests.at(-1)?.body).not.toHaveProperty("conclusion");
  });

  test.each([
    ["another app's run of the same name", run({ app: { id: 8 }, conclusion: "success" })],
    ["our run of another name", run({ name: "other", conclusion: "success" })],
  ])("%s is left alone", async (_name, there) => {
    const w = world();
    w.runs.push(there);
    await apply([upsert()]);
    expect(w.writes()).toEqual(["POST check-runs"]);
  });

  test.each<[string, object, Partial<DesiredCheck>, string[]]>([
    ["the same", { conclusion: "failure", external_id: "digest-1" }, {}, []],
    [
      "the same digest, but asked for again",
      { status: "queued", conclusion: null, external_id: "digest-1" },
      {},
      ["PATCH check-run"],
    ],
    ["another digest", { conclusion: "failure", external_id: "old" }, {}, ["PATCH check-run"]],
    [
      "in progress",
      { status: "in_progress", conclusion: null, external_id: "old" },
      { conclusion: "success" },
      ["PATCH check-run"],
    ],
    [
      "failed, and is to be in progress: a new run",
      { conclusion: "failure", external_id: "old" },
      { status: "in_progress", conclusion: null },
      ["POST check-runs"],
    ],
    [
      "green, and is to be in progress: a new run, and the green one is taken back",
      { conclusion: "success", external_id: "old" },
      { status: "in_progress", conclusion: null },
      ["POST check-runs", "PATCH check-run"],
    ],
  ])("what is there is %s", async (_name, there, desired, writes) => {
    const w = world();
    w.runs.push(run(there));
    expect((await apply([upsert(desired)])).failures).toEqual([]);
    expect(w.writes()).toEqual(writes);
    expect(w.runs.filter(({ conclusion }) => conclusion === "success")).toHaveLength(
      desired.conclusion === "success" ? 1 : 0,
    );
  });

  test("of two of ours the newest is written, and an older green one does not stay", async () => {
    const w = world();
    w.runs.push(
      run({ id: 40, conclusion: "success", external_id: "old" }),
      run({ id: 60, conclusion: "failure" }),
    );
    await apply([upsert({ externalId: "new" })]);
    expect(w.runs).toMatchObject([
      { id: 40, conclusion: "cancelled" },
      { id: 60, conclusion: "failure", external_id: "new" },
    ]);
  });

  test("where the new result cannot be written, an old green does not stay", async () => {
    const w = world();
    w.runs.push(run({ conclusion: "success", external_id: "old" }));
    w.fails("PATCH check-run", "422");
    expect((await apply([upsert()])).failures).toHaveLength(1);
    expect(w.runs).toMatchObject([{ conclusion: "cancelled" }]);
  });

  const annotations = Array.from({ length: 120 }, (_, i) => ({
    path: `f${i}.ts`,
    startLine: 1,
    endLine: 1,
    level: "warning" as const,
    title: "t",
    message: "m",
  }));

  test("120 annotations go out in three requests, the digest with the last", async () => {
    const w = world();
    await apply([upsert({ annotations })]);
    const bodies = w.requests.filter(({ route }) => !route.startsWith("GET")).map(({ body }) => body);
    const output = bodies.map((body) => body.output as { annotations: unknown[] });
    expect(output.map((each) => each.annotations.length)).toEqual([50, 50, 20]);
    expect(bodies.map((body) => body.external_id)).toEqual(["incomplete", "incomplete", "digest-1"]);
    expect(bodies.map((body) => body.conclusion)).toEqual(["failure", "failure", "failure"]);
  });

  test("a batch that fails is made good by the next try, without doubling the others", async () => {
    const w = world();
    w.fails("PATCH check-run", "502", { times: 2 });
    expect((await apply([upsert({ annotations })])).failures).toMatchObject([{ retry: true }]);
    w.annotations = annotations
      .slice(0, 50)
      .map(({ path }) => ({ path, start_line: 1, title: "t", message: "m" }));
    const before = w.requests.length;
    expect((await apply([upsert({ annotations })])).failures).toEqual([]);
    const sent = w.requests.slice(before).flatMap(({ body }) => {
      const output = body.output as { annotations?: { path: string }[] } | undefined;
      return output?.annotations?.map(({ path }) => path) ?? [];
    });
    expect(sent).toEqual(annotations.slice(50).map(({ path }) => path));
    expect(w.runs).toMatchObject([{ external_id: "digest-1" }]);
  });

  test("annotations that GitHub refuses do not keep the decision from being written", async () => {
    const w = world();
    w.fails("POST check-runs", "422");
    expect((await apply([upsert({ annotations: annotations.slice(0, 1) })])).failures).toEqual([]);
    expect(w.runs).toMatchObject([{ conclusion: "failure", external_id: "digest-1" }]);
  });

  test("texts over GitHub's limits are cut, with a note; the hidden record at the end stays", async () => {
    const w = world();
    const record = "<!-- hotfix-guard:record abc -->";
    const long = "😀".repeat(50_000);
    await apply([upsert({ title: "t".repeat(300), summary: `x${long}`, text: `${long}\n\n${record}` })]);
    const { title = "", summary = "", text = "" } = (w.runs[0] as { output: Record<string, string> }).output;
    expect(title.length).toBe(255);
    for (const cut of [summary, text]) {
      expect(cut.length).toBeLessThanOrEqual(65_535);
      expect(cut).toContain("cut here");
      expect(cut).not.toMatch(/\p{Cs}/u);
    }
    expect(text.endsWith(record)).toBe(true);
  });

  test.each<[string, object, string[]]>([
    ["passes: cancelled", { conclusion: "success" }, ["PATCH check-run"]],
    ["is neutral, which passes too: cancelled", { conclusion: "neutral" }, ["PATCH check-run"]],
    ["does not pass by now: left alone", { conclusion: "failure" }, []],
    ["is another app's: left alone", { conclusion: "success", app: { id: 8 } }, []],
    ["is gone: fine", { conclusion: "success", id: 51 }, []],
  ])("a run to be cancelled %s", async (_name, there, writes) => {
    const w = world();
    w.runs.push(run(there));
    const action: Action = {
      type: "cancel-check-run",
      headSha: SHA,
      checkRunId: 50,
      reason: "No longer the head.",
      forget: false,
    };
    expect((await apply([action])).failures).toEqual([]);
    expect(w.writes()).toEqual(writes);
  });

  test("a run to be cancelled that is denied, and that its commit lists, is not believed to be gone", async () => {
    const w = world();
    w.runs.push(run({ conclusion: "success" }));
    const cancel: Action = {
      type: "cancel-check-run",
      headSha: SHA,
      checkRunId: 50,
      reason: "No longer the head.",
      forget: false,
    };
    w.fails("GET check-run", "404");
    expect((await apply([cancel])).failures).toMatchObject([{ retry: true }]);
    expect((await apply([cancel])).failures).toEqual([]);
    expect(w.runs).toMatchObject([{ conclusion: "cancelled" }]);
  });
});

describe("comments", () => {
  const forged = { id: 61, body: MARKER, user: { login: "mallory", type: "User" } };

  test("the status comment is updated in place", async () => {
    const w = world();
    w.comments.push({ id: 60, body: "old" });
    await apply([status(60)]);
    expect(w.writes()).toEqual(["PATCH comment"]);
    expect(w.comments).toMatchObject([{ id: 60, body: `Hello\n\n${MARKER}` }]);
  });

  test("one that was deleted is made again", async () => {
    const w = world();
    await apply([status(60)]);
    expect(w.writes()).toEqual(["PATCH comment", "POST comments"]);
  });

  test("one that the look-up did not show is found and updated", async () => {
    const w = world();
    w.comments.push({
      id: 60,
      body: `old ${MARKER}`,
      user: { login: "other", type: "Bot" },
      performed_via_github_app: { id: 7 },
    });
    await apply([status(null)]);
    expect(w.writes()).toEqual(["PATCH comment"]);
  });

  test("one that was just posted and is in no list yet is not posted twice", async () => {
    const w = world();
    const client = testClient();
    await apply([status(null)], client);
    w.hidesComments = true;
    await apply([status(null)], client);
    await apply([status(null, `Changed\n\n${MARKER}`)], client);
    expect(w.writes()).toEqual(["POST comments", "PATCH comment"]);
    w.comments.length = 0;
    await apply([status(null)], client);
    expect(w.writes().at(-1)).toBe("POST comments");
  });

  // GitHub says so itself: it was deleted.
  test.each(FAULTS.filter((fault) => fault !== "404"))("nor where it cannot be read: %s", async (fault) => {
    const w = world();
    const client = testClient();
    await apply([status(null)], client);
    w.hidesComments = true;
    w.fails("GET comment", fault, { times: 99 });
    const { failures } = await apply([status(null)], client);
    expect(failures).toHaveLength(1);
    expect(w.writes()).toEqual(["POST comments"]);
  });

  test.each([
    ["a person's", forged],
    [
      "another app's",
      { ...forged, user: { login: "other[bot]", type: "Bot" }, performed_via_github_app: { id: 8 } },
    ],
    ["a deleted account's", { ...forged, user: null }],
  ])("%s comment with the marker is not ours", async (_name, comment) => {
    const w = world();
    w.comments.push(comment);
    await apply([status(null), answer]);
    expect(w.writes()).toEqual(["POST comments", "POST comments"]);
  });

  test("a body over the limit is cut and keeps its marker", async () => {
    const w = world();
    await apply([{ ...answer, body: "x".repeat(100_000) } as Action]);
    const body = String(w.comments[0]?.body);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toContain(ANSWER);
  });
});

describe("requesting an approval", () => {
  const MARK = "<!-- hotfix-guard:asked x -->";
  const ask = (more: object = {}): Action => ({
    type: "request-approval",
    number: 5,
    reviewers: ["jane"],
    teams: ["managers"],
    marker: MARK,
    body: `@jane ${MARK}`,
    ...more,
  });

  test("is one review request", async () => {
    const w = world();
    expect((await apply([ask()])).failures).toEqual([]);
    expect(w.writes()).toEqual(["POST requested_reviewers"]);
    expect(w.requests[0]?.body).toEqual({ reviewers: ["jane"], team_reviewers: ["managers"] });
  });

  test.each(["403", "404", "422"] as const)("is a comment, once, where GitHub answers %s", async (status) => {
    const w = world();
    w.fails("POST requested_reviewers", status, { times: 2 });
    await apply([ask()]);
    await apply([ask()]);
    expect(w.comments.map(({ body }) => body)).toEqual([`@jane ${MARK}`]);
  });

  test("is a comment where none of them can be requested", async () => {
    const w = world();
    await apply([ask({ reviewers: [], teams: [] })]);
    expect(w.writes()).toEqual(["POST comments"]);
  });

  test("is tried again later where GitHub fails", async () => {
    const w = world();
    w.fails("POST requested_reviewers", "502");
    expect((await apply([ask()])).failures).toMatchObject([{ retry: true }]);
    expect(w.comments).toEqual([]);
  });
});

test("what was posted is told from what was there", async () => {
  const w = world();
  const first = await apply([status(null), answer]);
  expect(first.posted.map(({ type }) => type).toSorted()).toEqual(["post-answer", "upsert-status-comment"]);
  expect((await apply([status(null), answer])).posted).toEqual([]);
  w.comments.length = 0;
  expect((await apply([status(60), answer])).posted).toHaveLength(2);
});

describe("labels", () => {
  test("only those that are missing are made, and the repository is asked once", async () => {
    const w = world();
    w.labels.push("Hotfix");
    const client = testClient();
    await apply([ensure("hotfix", "severity:P0")], client);
    await apply([ensure("hotfix", "severity:P0")], client);
    expect(w.requests.map(({ route }) => route)).toEqual(["GET labels", "POST labels"]);
    expect(w.labels).toEqual(["Hotfix", "severity:P0"]);
  });

  test("one that somebody made meanwhile is fine", async () => {
    const w = world();
    const client = testClient();
    client.octokit.hook.before("request", ({ method }) => {
      if (method === "POST") w.labels.push("a");
    });
    expect((await apply([ensure("a")], client)).failures).toEqual([]);
  });

  test("setting a label that has vanished makes it again, with its looks", async () => {
    const w = world();
    w.labels.push("severity:P1");
    w.fails("POST label", "404");
    w.fails("POST labels", "500");
    const client = testClient();
    await apply([ensure("severity:P1")], client);
    w.labels = [];
    w.requests.length = 0;
    expect((await apply([add, ensure("severity:P1")], client)).failures).toHaveLength(1);
    w.fails("POST label", "422");
    expect((await apply([add, ensure("severity:P1")], client)).failures).toEqual([]);
    expect(w.labels).toEqual(["severity:P1"]);
    expect(w.on).toEqual(["severity:P1"]);
  });

  test("a label that is off already is fine", async () => {
    world();
    expect((await apply([remove])).failures).toEqual([]);
  });
});

describe("the order", () => {
  test("check, labels that are waited for, what people read side by side, and the other labels last", async () => {
    const w = world();
    w.on.push("approved:on-call");
    w.labels.push("post-mortem");
    await apply([issue(), status(null), remove, add, ensure("rolled-back", "severity:P1"), upsert()]);
    const writes = w.writes();
    expect(writes.slice(0, 2)).toEqual(["POST check-runs", "POST labels"]);
    expect(writes.slice(2, -1).toSorted()).toEqual([
      "DELETE label",
      "POST comments",
      "POST issues",
      "POST label",
    ]);
    expect(writes.at(-1)).toBe("POST labels");
    expect(w.labels).toEqual(["post-mortem", "severity:P1", "rolled-back"]);
  });

  test("a rate limit stops what comes after", async () => {
    const w = world();
    w.fails("POST check-runs", "429");
    const { failures } = await apply([upsert(), add, status(null)]);
    expect(failures).toHaveLength(3);
    expect(failures.every(({ retry, reason }) => retry && reason.includes("rate limit"))).toBe(true);
    expect(w.writes()).toEqual(["POST check-runs"]);
  });
});

describe("the post-mortem", () => {
  test("is looked for by creator and time, and created whole", async () => {
    const w = world();
    const { postMortems } = await apply([issue({ title: "t".repeat(300), body: "x".repeat(70_000) })]);
    expect(postMortems).toEqual([
      {
        pullRequest: 5,
        repository: "o/r",
        number: 100,
        url: "https://github.test/o/r/issues/100",
        created: true,
      },
    ]);
    const created = w.issues[0] as Record<"title" | "body", string>;
    expect(created.title.length).toBe(256);
    expect(created.body.length).toBeLessThanOrEqual(65_536);
    expect(created.body).toContain(POST_MORTEM);
    expect(created).toMatchObject({ labels: ["post-mortem", "severity:P1"], assignees: ["alice"] });
  });

  test("one that is there is handed back", async () => {
    const w = world();
    w.labels.push("post-mortem", "severity:P1");
    const user = { login: "hotfix-guard[bot]", type: "Bot" };
    w.issues.push({ number: 9, html_url: "https://github.test/9", user, body: `filled in\n${POST_MORTEM}` });
    expect((await apply([issue()])).postMortems).toMatchObject([{ number: 9, created: false }]);
    expect(w.writes()).toEqual([]);
  });

  test.each([
    ["somebody else's issue with the marker", { user: { login: "mallory", type: "User" } }],
    ["the app's own pull request with the marker", { pull_request: {} }],
    ["the app's issue with another marker", { body: POST_MORTEM.replace("#5", "#55") }],
  ])("%s is not it", async (_name, more) => {
    const w = world();
    const user = { login: "hotfix-guard[bot]", type: "Bot" };
    w.issues.push({ number: 9, html_url: "https://github.test/9", user, body: POST_MORTEM, ...more });
    expect((await apply([issue()])).postMortems).toMatchObject([{ created: true }]);
  });

  test("refused once: labels are made and those who cannot be assigned left out", async () => {
    const w = world();
    w.fails("POST issues", "422");
    await apply([issue({ assignees: ["alice", "stranger"] })]);
    expect(w.labels).toEqual(["post-mortem", "severity:P1"]);
    expect(w.issues).toMatchObject([{ assignees: ["alice"] }]);
  });

  test("refused twice: without assignees", async () => {
    const w = world();
    w.fails("POST issues", "422", { times: 2 });
    expect((await apply([issue()])).failures).toEqual([]);
    expect(w.issues).toMatchObject([{ assignees: [] }]);
  });

  test.each<[Fault | "410", string]>([
    ["403", "the app isn't allowed to open issues in o/r"],
    ["404", "o/r doesn't exist, or the app isn't installed on it"],
    ["410", "issues are disabled in o/r"],
  ])("%s is explained, and not retried", async (fault, reason) => {
    const w = world();
    w.fails("POST issues", fault as Fault, { times: 9 });
    const { failures } = await apply([issue()]);
    expect(failures).toMatchObject([{ retry: false, reason: `the post-mortem issue: ${reason}` }]);
  });
});
