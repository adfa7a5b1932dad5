import { expect, test } from "vitest";
import { updateIssueBody } from "../../src/github/apply/issue.ts";

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
  const context = { client: { octokit: { rest: { issues } } }, repo: { owner: "o", repo: "r" } } as never;
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
