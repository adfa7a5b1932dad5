import nock from "nock";
import { afterEach, describe, expect, test } from "vitest";
import { readActionIssues } from "../../../../src/github/collect/post-mortem/action-issues.ts";
import { known } from "../../../../src/policy/fact.ts";
import { type Answer, REPO, ROOT, world } from "../world.ts";

afterEach(() => nock.cleanAll());

const body = (...items: readonly string[]): string =>
  ["## Action Items", "", ...items.map((item) => `- [ ] ${item}`)].join("\n");
const issue = (more: object = {}) => ({ state: "open", assignees: [], milestone: null, ...more });
const read = async (text: string, answers: Readonly<Record<string, Answer>>) => {
  const { client, requests } = world(answers);
  return { ...(await readActionIssues(client, REPO, text)), requests };
};

describe("the issues that action items name", () => {
  test.each<[string, Answer, unknown]>([
    ["bare", issue(), known({ closed: false, assigned: false, scheduled: false, assignees: [], due: null })],
    [
      "assigned, with a milestone",
      issue({ assignees: [{ login: "ada" }], milestone: { number: 1 } }),
      known({ closed: false, assigned: true, scheduled: true, assignees: ["ada"], due: null }),
    ],
    [
      "closed",
      issue({ state: "closed" }),
      known({ closed: true, assigned: false, scheduled: false, assignees: [], due: null }),
    ],
    ["not there", { status: 404, body: {} }, known(null)],
    ["deleted", { status: 410, body: {} }, known(null)],
    ["not readable now", { status: 502, body: {} }, expect.objectContaining({ known: false })],
    ["behind a broken line", { fault: "network" }, expect.objectContaining({ known: false })],
  ])("%s", async (_, answer, expected) => {
    const { issues, repository } = await read(body("#4"), { [`${ROOT}/issues/4`]: answer });
    expect({ issues, repository }).toEqual({ issues: { 4: expected }, repository: "kamiyo/api" });
  });

  test.each<[string, string]>([
    ["another repository's", "acme/web#4"],
    ["that has all by itself", "#4 Alert – @ada – 2026-10-20"],
    ["struck through", "~~#4~~"],
  ])("%s is not asked for", async (_, item) => {
    const { issues, requests } = await read(body(item), { [`${ROOT}/issues/4`]: issue() });
    expect({ issues, requests }).toEqual({ issues: {}, requests: [] });
  });

  test("each once, at most ten", async () => {
    const numbers = Array.from({ length: 15 }, (_, i) => i + 1);
    const answers = Object.fromEntries(numbers.map((n) => [`${ROOT}/issues/${n}`, issue()]));
    const { requests } = await read(body(...numbers.flatMap((n) => [`#${n}`, `again #${n}`])), answers);
    expect(requests).toHaveLength(10);
  });
});
