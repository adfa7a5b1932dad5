import { expect, test } from "vitest";
import { createExclusively } from "../../src/github/api/exclusively.ts";
import { postAnswer } from "../../src/github/apply/comments.ts";
import { setIssueState, updateIssueBody } from "../../src/github/apply/issue.ts";
import type { IssueAsRead } from "../../src/policy/action.ts";

/** An issue whose body somebody changes while the app's write waits for its turn. */
function world(bodies: readonly string[]) {
  const left = [...bodies];
  const written: string[] = [];
  const issues = {
    get: async () => ({ data: { body: left.length > 1 ? left.shift() : left[0] } }),
    update: async ({ body, request }: { body: string; request: { before(): Promise<void> } }) => {
      await request.before();
      written.push(body);
    },
  };
  const context = {
    client: { octokit: { rest: { issues } }, exclusively: createExclusively() },
    repo: { owner: "o", repo: "r" },
  } as never;
  const update = () =>
    updateIssueBody(context, { type: "update-issue-body", number: 7, from: "a", body: "b" });
  return { update, written };
}

test.each([
  ["as it was", ["a", "a"], ["b"]],
  ["written already", ["b"], []],
])("a body that is %s", async (_, bodies, expected) => {
  const { update, written } = world(bodies);
  await update();
  expect(written).toEqual(expected);
});

test.each([
  ["before the app looks", ["c"]],
  ["while the write waits for its turn", ["a", "c"]],
])("a body that somebody changes %s is not overwritten, and looked at again", async (_, bodies) => {
  const { update, written } = world(bodies);
  await expect(update()).rejects.toMatchObject({ message: "someone has just changed it", retry: true });
  expect(written).toEqual([]);
});

/** An issue as it is when the write's turn has come, and the app's comments that are there by then. */
function turn(there: { state: string; body: string }, comments: readonly string[] = []) {
  const written: string[] = [];
  const send = async (what: string, { before }: { before(): Promise<void> }) => {
    await before();
    written.push(what);
    return { data: { id: 1 }, headers: {} };
  };
  const user = { id: 9, login: "hotfix-guard[bot]", type: "Bot" };
  const issues = {
    get: async () => ({ data: there }),
    listComments: async () => ({
      data: comments.map((body, id) => ({ id, body, user })),
      headers: {},
    }),
    update: async ({ state, request }: { state: string; request: never }) => send(state, request),
    createComment: async ({ body, request }: { body: string; request: never }) => send(body, request),
  };
  const client = {
    octokit: { rest: { issues } },
    app: { id: 7, slug: "hotfix-guard" },
    exclusively: createExclusively(),
  };
  const context = { client, repo: { owner: "o", repo: "r" }, pause: async () => {} } as never;
  return { context, written };
}

const CLOSED: IssueAsRead = { state: "closed", bodies: ["a", "a, as the plan writes it"] };
const reopen = { type: "set-issue-state", number: 7, state: "open", from: CLOSED } as const;

test.each([
  ["closed, and as it was read", { state: "closed", body: "a" }, ["open"]],
  ["with the body of the same plan", { state: "closed", body: "a, as the plan writes it" }, ["open"]],
  ["reopened by somebody else meanwhile", { state: "open", body: "b" }, []],
])("an issue that is %s", async (_, there, expected) => {
  const { context, written } = turn(there);
  await setIssueState(context, reopen);
  expect(written).toEqual(expected);
});

test("a post-mortem that its owner completes while the reopening waits stays closed, and is looked at again", async () => {
  const { context, written } = turn({ state: "closed", body: "complete" });
  await expect(setIssueState(context, reopen)).rejects.toMatchObject({ retry: true });
  expect(written).toEqual([]);
});

const MARKER = "<!-- hotfix-guard:reminder due -->";
const reminder = { type: "post-answer", number: 7, marker: MARKER, body: "Due now" } as const;
const OPEN: IssueAsRead = { state: "open", bodies: ["a"] };

test("a comment that another process posts while this one waits is not posted twice", async () => {
  const { context, written } = turn({ state: "open", body: "a" }, [`Due now\n\n${MARKER}`]);
  expect(await postAnswer(context, reminder)).toBe(false);
  expect(written).toEqual([]);
});

test.each([
  ["as it was", { state: "open", body: "a" }, true],
  ["closed meanwhile", { state: "closed", body: "a" }, false],
  ["completed meanwhile", { state: "open", body: "b" }, false],
])("a reminder of a post-mortem that is %s", async (_, there, expected) => {
  const { context, written } = turn(there);
  const posted = postAnswer(context, { ...reminder, from: OPEN }).catch(({ retry }) => !retry);
  expect(await posted).toBe(expected);
  expect(written.length).toBe(expected ? 1 : 0);
});
