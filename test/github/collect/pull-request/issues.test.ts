import { describe, expect, test } from "vitest";
import { readIssues } from "../../../../src/github/collect/pull-request/issues.ts";
import { known } from "../../../../src/policy/fact.ts";
import { API, type Fault, withoutNetwork } from "../../../support/nock-github.ts";
import { type Answer, ISSUE, REPO, ROOT, world } from "../world.ts";

withoutNetwork();

const reference = (repository: string | null, number: number | null, text = "#1") => ({
  repository,
  number,
  text,
});

async function read(answers: Record<string, Answer>, ...references: ReturnType<typeof reference>[]) {
  const { client, requests } = world(answers);
  return { issues: await readIssues(client, REPO, references), requests };
}

test("the same issue, written in several ways, is read once", async () => {
  const { issues, requests } = await read(
    { [`${ROOT}/issues/1`]: ISSUE, "/repos/Kamiyo/API/issues/1": ISSUE },
    reference(null, 1),
    reference("Kamiyo/API", 1, "Kamiyo/API#1"),
  );
  expect(Object.keys(issues)).toEqual(["kamiyo/api#1"]);
  expect(requests).toHaveLength(1);
});

test("another tracker is accepted without a request", async () => {
  const { issues, requests } = await read({}, reference(null, null, "https://Jira.example/X-1"));
  expect(issues["https://jira.example/x-1"]).toEqual(known({ exists: "not-verified" }));
  expect(requests).toEqual([]);
});

test("a pull request is told from an issue", async () => {
  const { issues } = await read({ [`${ROOT}/issues/1`]: { ...ISSUE, pull_request: {} } }, reference(null, 1));
  expect(issues["kamiyo/api#1"]).toMatchObject(known({ exists: true, pullRequest: true }));
});

describe.each([
  ["this repository", null, { 404: false, 410: false, 403: "unknown", 429: "unknown" }],
  ["another repository", "other/web", { 404: false, 410: false, 403: "not-verified", 429: "unknown" }],
] as const)("in %s", (_where, repository, expected) => {
  test.each(Object.entries(expected))("%s", async (status, exists) => {
    const path = repository === null ? `${ROOT}/issues/1` : `/repos/${repository}/issues/1`;
    const { issues } = await read(
      {
        [path]: { status: Number(status), body: { message: "no" } },
        [ROOT]: { visibility: "public" },
        "/repos/other/web": { visibility: "public" },
      },
      reference(repository, 1),
    );
    const fact = Object.values(issues)[0];
    if (exists === "unknown")
      expect(fact).toMatchObject({ known: false, reason: expect.stringContaining("the issue #1") });
    else expect(fact).toEqual(known({ exists }));
  });
});

describe("an issue that was transferred", () => {
  const moved = {
    status: 301,
    body: { message: "Moved" },
    headers: { location: `${API}/repositories/9/issues/5` },
  };
  test("is followed", async () => {
    const { issues } = await read(
      { [`${ROOT}/issues/1`]: moved, "/repositories/9/issues/5": ISSUE },
      reference(null, 1),
    );
    expect(issues["kamiyo/api#1"]).toMatchObject(known({ exists: true, title: ISSUE.title }));
  });
  test("to a place that the app cannot read is not verified", async () => {
    const gone: { fault: Fault } = { fault: "404" };
    const { issues } = await read(
      { [`${ROOT}/issues/1`]: moved, "/repositories/9/issues/5": gone },
      reference(null, 1),
    );
    expect(issues["kamiyo/api#1"]).toEqual(known({ exists: "not-verified" }));
  });
});

describe("of another repository nothing is told to people who would not see it", () => {
  test.each([
    ["public", "public", true],
    ["private", "public", true],
    ["internal", "public", true],
    ["private", "internal", true],
    ["private", "private", true],
    ["public", "private", "not-verified"],
    ["public", "internal", "not-verified"],
    ["internal", "private", "not-verified"],
    ["public", undefined, "not-verified"],
  ] as const)("here %s, there %s: %s", async (here, there, exists) => {
    const { issues, requests } = await read(
      {
        "/repos/other/web/issues/1": { ...ISSUE, repository_url: "https://api.github.com/repos/other/web" },
        [ROOT]: { visibility: here },
        "/repos/other/web":
          there === undefined ? { status: 404, body: { message: "no" } } : { visibility: there },
      },
      reference("other/web", 1),
    );
    expect(issues["other/web#1"]).toMatchObject(known({ exists }));
    if (exists !== true) expect(requests.join()).not.toContain("issues/1");
  });

  test("nor of one that was transferred there", async () => {
    const { issues } = await read(
      {
        [`${ROOT}/issues/1`]: { ...ISSUE, repository_url: "https://api.github.com/repos/kamiyo/vault" },
        [ROOT]: { visibility: "public" },
        "/repos/kamiyo/vault": { visibility: "private" },
      },
      reference(null, 1),
    );
    expect(issues["kamiyo/api#1"]).toEqual(known({ exists: "not-verified" }));
  });

  test("unknown is not visible", async () => {
    const { issues } = await read(
      { [ROOT]: { visibility: "public" }, "/repos/other/web": { status: 500, body: {} } },
      reference("other/web", 1),
    );
    expect(issues["other/web#1"]).toMatchObject({ known: false });
  });
});
