import nock from "nock";
import { describe, expect, test } from "vitest";
import { loadPolicy, validateConfigAt } from "../../../src/github/collect/policy.ts";
import { API, FAULTS, fail, testClient, withoutNetwork } from "../../support/nock-github.ts";

withoutNetwork();
const REPO = { owner: "kamiyo", repo: "api" };
const OWN = "/repos/kamiyo/api/contents/.github%2Fhotfix.yml";
const OWNERS = "/repos/kamiyo/.github/contents/.github%2Fhotfix.yml";
const OWNERS_LABEL = "kamiyo/.github:.github/hotfix.yml";

/** The contents route's answer for a file. */
function file(text: string | Buffer, more: object = {}) {
  const bytes = Buffer.from(text);
  const content = (bytes.toString("base64").match(/.{1,60}/g) ?? []).join("\n");
  return { type: "file", encoding: "base64", size: bytes.byteLength, name: "hotfix.yml", content, ...more };
}

function answers(path: string, body: object, status = 200) {
  return nock(API).get(path).reply(status, body);
}
const notFound = { message: "Not Found" };

describe("loadPolicy", () => {
  test("reads the repository's own file, on the default branch", async () => {
    answers(OWN, file("mode: observe\n"));
    const reading = await loadPolicy(testClient(), REPO);
    expect(reading).toMatchObject({
      state: "valid",
      policy: { mode: "observe" },
      source: ".github/hotfix.yml",
    });
  });

  test("without a file, the owner's holds", async () => {
    answers(OWN, notFound, 404);
    answers(OWNERS, file("mode: observe\n"));
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({
      state: "valid",
      policy: { mode: "observe" },
      source: OWNERS_LABEL,
    });
  });

  test("without either, the defaults hold; the owner is not asked again at once", async () => {
    const client = testClient();
    answers(OWN, notFound, 404).get(OWN).reply(404, notFound);
    const owners = answers(OWNERS, notFound, 404);
    for (let i = 0; i < 2; i++) {
      expect(await loadPolicy(client, REPO)).toMatchObject({
        state: "valid",
        policy: { mode: "enforce" },
        source: "defaults",
      });
    }
    owners.done();
  });

  test("an owner's file that turns up is seen by a repository whose own is absent (only absence is remembered)", async () => {
    const client = testClient();
    answers(OWN, notFound, 404).get(OWN).reply(404, notFound);
    answers(OWNERS, file("mode: observe\n"));
    answers(OWNERS, file("mode: enforce\n"));
    expect(await loadPolicy(client, REPO)).toMatchObject({ policy: { mode: "observe" } });
    expect(await loadPolicy(client, REPO)).toMatchObject({ policy: { mode: "enforce" } });
  });

  test("the owner's first file holds at once: whoever looks at the owner's repository forgets that it had none", async () => {
    const client = testClient();
    answers(OWN, notFound, 404).get(OWN).reply(404, notFound);
    answers(OWNERS, notFound, 404).get(OWNERS).times(2).reply(200, file("mode: observe\n"));
    expect(await loadPolicy(client, REPO)).toMatchObject({ source: "defaults" });
    await loadPolicy(client, { owner: "kamiyo", repo: ".github" });
    expect(await loadPolicy(client, REPO)).toMatchObject({ source: OWNERS_LABEL });
  });

  test("the owner's repository itself is asked once", async () => {
    answers(OWNERS, notFound, 404);
    expect(await loadPolicy(testClient(), { owner: "kamiyo", repo: ".github" })).toMatchObject({
      source: "defaults",
    });
  });

  const failing = FAULTS.filter((fault) => fault !== "404");
  test.each(failing)("%s from the repository is unknown, never the defaults", async (fault) => {
    fail(nock(API).persist().get(OWN), fault);
    expect(await loadPolicy(testClient(), REPO)).toEqual({
      state: "unknown",
      reason: expect.stringMatching(/^the configuration \.github\/hotfix\.yml: GitHub/),
    });
  });

  test.each(failing)("%s from the owner's repository is unknown, never the defaults", async (fault) => {
    answers(OWN, notFound, 404);
    fail(nock(API).persist().get(OWNERS), fault);
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({ state: "unknown" });
  });

  test.each(failing)("%s from the extended file's repository is unknown", async (fault) => {
    answers(OWN, file("extends: policies\n"));
    fail(nock(API).persist().get("/repos/kamiyo/policies/contents/.github%2Fhotfix.yml"), fault);
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({ state: "unknown" });
  });

  test("extends: this file's values win", async () => {
    answers(OWN, file('extends: "policies:hotfix/base.yml"\nmode: enforce\n'));
    answers(
      "/repos/kamiyo/policies/contents/hotfix%2Fbase.yml",
      file("mode: observe\nreport_on: hotfixes\n"),
    );
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({
      state: "valid",
      policy: { mode: "enforce", report_on: "hotfixes" },
      source: ".github/hotfix.yml, which extends kamiyo/policies:hotfix/base.yml",
    });
  });

  test("extends of a file that is not there is a problem, where it stands", async () => {
    answers(OWN, file("mode: observe\nextends: policies\n"));
    answers("/repos/kamiyo/policies/contents/.github%2Fhotfix.yml", notFound, 404);
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({
      state: "invalid",
      problems: [
        {
          file: ".github/hotfix.yml",
          line: 2,
          key: "extends",
          message: expect.stringContaining("kamiyo/policies:.github/hotfix.yml is not there"),
        },
      ],
    });
  });

  test.each(["other/policies", "https://example.com/x.yml", "policies:../../secret.yml"])(
    "extends: %s is refused without a request",
    async (target) => {
      answers(OWN, file(`extends: "${target}"\n`));
      expect(await loadPolicy(testClient(), REPO)).toMatchObject({
        state: "invalid",
        problems: [{ key: "extends" }],
      });
    },
  );

  test.each<[string, object, string]>([
    ["a directory", [{ type: "file", name: "a" }], "a directory"],
    ["a symlink that leads away", { type: "symlink", target: "../../x", size: 7 }, "a symbolic link"],
    ["a submodule", { type: "submodule", submodule_git_url: "x", size: 0 }, "a submodule"],
    ["a large file", { type: "file", encoding: "none", content: "", size: 2_000_000 }, "too large"],
  ])("%s is invalid", async (_name, body, message) => {
    answers(OWN, body);
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({
      state: "invalid",
      problems: [{ file: ".github/hotfix.yml", line: null, message: expect.stringContaining(message) }],
    });
  });

  test("a huge file (403 too_large) is invalid", async () => {
    answers(OWN, { message: "This API returns blobs up to 100 MB", errors: [{ code: "too_large" }] }, 403);
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({ state: "invalid" });
  });

  test("an unusable extended file is named by its own name", async () => {
    answers(OWN, file("extends: policies\n"));
    answers("/repos/kamiyo/policies/contents/.github%2Fhotfix.yml", [{ type: "file" }]);
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({
      state: "invalid",
      problems: [{ file: "kamiyo/policies:.github/hotfix.yml" }],
    });
  });

  test.each<[string, object]>([
    ["half a file", file("mode: observe\n", { size: 500 })],
    ["no content", { type: "file", size: 3 }],
    ["an unknown encoding", file("x", { encoding: "rot13" })],
  ])("%s is unknown", async (_name, body) => {
    answers(OWN, body);
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({ state: "unknown" });
  });

  test("bytes reach the parser as they are", async () => {
    answers(OWN, file(Buffer.from([0xff, 0xfe, 0x6d])));
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({
      state: "invalid",
      problems: [{ file: ".github/hotfix.yml" }],
    });
  });
});

describe("validateConfigAt", () => {
  const at = `${OWN}?ref=abc`;
  test("says what is wrong with the file in that commit", async () => {
    answers(at, file("mod: observe\n"));
    const problems = await validateConfigAt(testClient(), REPO, "abc");
    expect(problems).toMatchObject({ known: true, value: [{ line: 1, key: "mod" }] });
  });
  test("a valid file has no problems, a deleted one neither", async () => {
    answers(at, file("mode: observe\n"));
    expect(await validateConfigAt(testClient(), REPO, "abc")).toEqual({ known: true, value: [] });
    answers(at, notFound, 404);
    expect(await validateConfigAt(testClient(), REPO, "abc")).toEqual({ known: true, value: [] });
  });
  test("a failure is unknown", async () => {
    fail(nock(API).persist().get(at), "502");
    expect(await validateConfigAt(testClient(), REPO, "abc")).toMatchObject({ known: false });
  });
});
