import nock from "nock";
import { beforeEach, describe, expect, test } from "vitest";
import { brokenSharedFiles } from "../../../src/github/collect/config/last-valid.ts";
import { loadPolicy } from "../../../src/github/collect/policy.ts";
import { API, testClient, withoutNetwork } from "../../support/nock-github.ts";

withoutNetwork();

const REPO = { owner: "kamiyo", repo: "api" };
const sha = (version: number) => String(version).padStart(40, "a");
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

/** A version of the shared file: its text, or `null` where it is not there. */
type Version = string | null;

/**
 * An owner's repository whose default branch was pushed so often; `pushes` oldest first, the first version is
 * what was there before. Every version is in the history; only what a push left was in force.
 */
function shared(
  repo: string,
  own: string | null,
  first: Version,
  pushes: readonly { readonly hours: number; readonly version: Version }[],
) {
  const versions = [first, ...pushes.map(({ version }) => version)];
  const at = `/repos/kamiyo/${repo}`;
  const contents = (path: string, ref: string | undefined, version: Version) => {
    const get = nock(API)
      .persist()
      .get(path)
      .query(ref === undefined ? {} : { ref });
    if (version === null) get.reply(404, { message: "Not Found" });
    else {
      const content = Buffer.from(version).toString("base64");
      get.reply(200, { type: "file", encoding: "base64", size: Buffer.byteLength(version), content });
    }
  };
  const file = `${at}/contents/.github%2Fhotfix.yml`;
  contents("/repos/kamiyo/api/contents/.github%2Fhotfix.yml", undefined, own);
  contents(file, undefined, versions.at(-1) ?? null);
  for (const [number, version] of versions.entries()) contents(file, sha(number), version);
  for (const name of ["api", repo])
    nock(API)
      .persist()
      .get(`/repos/kamiyo/${name}/contents/.github%2Fhotfix.yaml`)
      .query(true)
      .reply(404, { message: "Not Found" });
  nock(API).persist().get(at).reply(200, { default_branch: "main" });
  const activity = pushes.map(({ hours }, i) => ({
    id: i,
    ref: "refs/heads/main",
    before: sha(i),
    after: sha(i + 1),
    timestamp: hoursAgo(hours),
    activity_type: "push",
    actor: null,
  }));
  nock(API).persist().get(`${at}/activity`).query(true).reply(200, activity.reverse());
}

const STRICT = "rules: { scope: error }\n";
const LOOSE = "rules: { scope: warn }\n";
const BROKEN = "rules: { scope: never }\n";

/** What `scope` is, or that it is invalid; with the version's end where it stands in for another. */
async function outcome(): Promise<string> {
  const reading = await loadPolicy(testClient(), REPO);
  if (reading.state !== "valid") return reading.state;
  return `${reading.policy.rules.scope.level}${reading.lastValid === undefined ? "" : " (last valid)"}`;
}

describe.each([
  ["the owner's file", ".github", null],
  ["an extended file", "policies", "extends: policies\n"],
])("%s", (_, repo, own) => {
  test.each<[string, Version, readonly { hours: number; version: Version }[], string]>([
    ["is valid", STRICT, [{ hours: 1, version: LOOSE }], "warn"],
    ["turned invalid an hour ago", STRICT, [{ hours: 1, version: BROKEN }], "error (last valid)"],
    [
      "was loosened, made strict, then broken: the strict one, which was the newest",
      LOOSE,
      [
        { hours: 3, version: STRICT },
        { hours: 1, version: BROKEN },
      ],
      "error (last valid)",
    ],
    [
      "was broken twice",
      STRICT,
      [
        { hours: 5, version: BROKEN },
        { hours: 1, version: `${BROKEN}# again\n` },
      ],
      "error (last valid)",
    ],
    [
      "was broken for more than a day, whatever was pushed since",
      STRICT,
      [
        { hours: 25, version: BROKEN },
        { hours: 1, version: `${BROKEN}# again\n` },
      ],
      "invalid",
    ],
    ["is new, and was never valid", null, [{ hours: 1, version: BROKEN }], "invalid"],
    [
      "was deleted between",
      LOOSE,
      [
        { hours: 3, version: null },
        { hours: 1, version: BROKEN },
      ],
      "invalid",
    ],
    ["does not want that", `shared_file_grace: 0h\n${STRICT}`, [{ hours: 1, version: BROKEN }], "invalid"],
    [
      "wants it for two hours",
      `shared_file_grace: 2h\n${STRICT}`,
      [{ hours: 3, version: BROKEN }],
      "invalid",
    ],
    [
      "was broken a moment ago by the only push there is",
      STRICT,
      [{ hours: 0, version: BROKEN }],
      "error (last valid)",
    ],
  ])("%s", async (_, first, pushes, expected) => {
    shared(repo, own, first, pushes);
    expect(await outcome()).toBe(expected);
  });

  test("says which file and until when, and is counted until it is fixed", async () => {
    shared(repo, own, STRICT, [{ hours: 1, version: BROKEN }]);
    const reading = await loadPolicy(testClient(), REPO);
    if (reading.state !== "valid") throw new Error(reading.state);
    expect(reading.lastValid?.file).toBe(`kamiyo/${repo}:.github/hotfix.yml`);
    expect(Date.parse(reading.lastValid?.until ?? "") - Date.now()).toBeCloseTo(23 * 3_600_000, -5);
    expect(brokenSharedFiles()).toBeGreaterThan(0);
    nock.cleanAll();
    shared(repo, own, STRICT, [{ hours: 1, version: LOOSE }]);
    await loadPolicy(testClient(), REPO);
    expect(brokenSharedFiles()).toBe(0);
  });
});

describe("what is no shared file's fault", () => {
  beforeEach(() => nock.cleanAll());
  test.each([
    ["the repository's own file is broken", BROKEN],
    ["only the own file is wrong about what it extends", `extends: policies\n${BROKEN}`],
  ])("%s: invalid at once", async (_, own) => {
    shared("policies", own, LOOSE, [{ hours: 1, version: STRICT }]);
    expect(await outcome()).toBe("invalid");
  });

  test("the record of pushes cannot be read: unknown, and tried again", async () => {
    shared(".github", null, STRICT, []);
    nock.cleanAll();
    nock(API)
      .persist()
      .get(/hotfix\.yml/)
      .reply((path) => {
        const content = Buffer.from(BROKEN).toString("base64");
        return path.includes("/api/")
          ? [404, { message: "Not Found" }]
          : [200, { type: "file", encoding: "base64", size: BROKEN.length, content }];
      });
    nock(API)
      .persist()
      .get(/hotfix\.yaml/)
      .reply(404, { message: "Not Found" });
    nock(API).persist().get("/repos/kamiyo/.github").reply(502, {});
    expect(await outcome()).toBe("unknown");
  });
});
