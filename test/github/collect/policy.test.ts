import nock from "nock";
import { beforeEach, describe, expect, test } from "vitest";
import { completePolicy, loadPolicy, validateConfigAt } from "../../../src/github/collect/policy.ts";
import { API, FAULTS, fail, testClient, withoutNetwork } from "../../support/nock-github.ts";

withoutNetwork();
const absentAt = (path: string) =>
  nock(API).persist().get(path).query(true).reply(404, { message: "Not Found" });
beforeEach(() => {
  // A server without a record of pushes: no earlier version stands in for a shared file that is not valid.
  for (const repo of [".github", "policies", "vault", "VAULT"]) {
    nock(API).persist().get(`/repos/kamiyo/${repo}`).reply(200, { default_branch: "main" });
    absentAt(`/repos/kamiyo/${repo}/activity`);
  }
  for (const repo of ["api", ".github"]) absentAt(`/repos/kamiyo/${repo}/contents/.github%2Fhotfix.yaml`);
});
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
      problems: [{ key: "extends", message: expect.stringContaining("kamiyo/policies:.github/hotfix.yml") }],
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

describe("either name of the file", () => {
  const YAML = "/repos/kamiyo/api/contents/.github%2Fhotfix.yaml";
  test(".yaml holds as well, and once absent is asked for again after a minute only", async () => {
    nock.removeInterceptor({ hostname: "api.github.com", path: YAML });
    nock.cleanAll();
    const client = testClient();
    answers(OWN, notFound, 404);
    answers(YAML, file("mode: observe\n"));
    expect(await loadPolicy(client, REPO)).toMatchObject({
      policy: { mode: "observe" },
      source: ".github/hotfix.yaml",
    });
  });

  test("both at once are a problem", async () => {
    nock.cleanAll();
    answers(OWN, file("mode: observe\n"));
    answers(YAML, file("mode: enforce\n"));
    expect(await loadPolicy(testClient(), REPO)).toMatchObject({
      state: "invalid",
      problems: [{ message: expect.stringContaining(".github/hotfix.yaml are both there") }],
    });
  });

  describe("left for later", () => {
    const later = { later: true };
    test("the second name is read once, when it is asked for", async () => {
      nock.cleanAll();
      const client = testClient();
      answers(OWN, file("mode: observe\n"));
      const reading = await loadPolicy(client, REPO, later);
      expect(reading).toMatchObject({ source: ".github/hotfix.yml" });
      const second = answers(YAML, notFound, 404);
      expect(await completePolicy(client, REPO, reading)).toBe(reading);
      second.done();
      expect(await completePolicy(client, REPO, reading)).toBe(reading);
    });

    test("found there as well it is a problem, and stays one without being left for later again", async () => {
      nock.cleanAll();
      const client = testClient();
      answers(OWN, file("mode: observe\n")).get(OWN).times(2).reply(200, file("mode: observe\n"));
      answers(YAML, file("mode: enforce\n")).get(YAML).times(2).reply(200, file("mode: enforce\n"));
      const both = { state: "invalid", problems: [{ message: expect.stringContaining("both there") }] };
      const reading = await loadPolicy(client, REPO, later);
      expect(await completePolicy(client, REPO, reading)).toMatchObject(both);
      expect(await loadPolicy(client, REPO, later)).toMatchObject(both);
    });

    test("where there is none under the first name, the second is read at once", async () => {
      nock.cleanAll();
      answers(OWN, notFound, 404);
      answers(YAML, file("mode: observe\n"));
      expect(await loadPolicy(testClient(), REPO, later)).toMatchObject({ source: ".github/hotfix.yaml" });
    });

    test.each(FAULTS.filter((fault) => fault !== "404"))("%s is unknown, not absent", async (fault) => {
      nock.cleanAll();
      const client = testClient();
      answers(OWN, file("mode: observe\n"));
      fail(nock(API).persist().get(YAML), fault);
      const reading = await loadPolicy(client, REPO, later);
      for (const _ of [1, 2])
        expect(await completePolicy(client, REPO, reading)).toMatchObject({ state: "unknown" });
    });
  });

  test("a change of the configuration is seen at once", async () => {
    nock.cleanAll();
    const client = testClient();
    answers(OWN, notFound, 404).get(OWN).reply(404, notFound);
    answers(OWNERS, notFound, 404);
    answers(OWNERS.replace("yml", "yaml"), notFound, 404);
    answers(YAML, notFound, 404).get(YAML).reply(200, file("mode: observe\n"));
    expect(await loadPolicy(client, REPO)).toMatchObject({ source: "defaults" });
    expect(await loadPolicy(client, REPO, { fresh: true })).toMatchObject({ source: ".github/hotfix.yaml" });
  });
});

describe("files of other repositories", () => {
  const VAULT = "/repos/kamiyo/vault/contents/prod%2Fsecrets.yml";
  const SECRETS = "database_password: hunter2\nroles: sk_live_51H\nmode: 'AKIA0'\n";
  const told = (value: unknown) => JSON.stringify(value);

  test.each([
    ["keys and values that are none of the configuration's", SECRETS],
    ["not YAML", "-----BEGIN PRIVATE KEY-----\n\tsk_live_51H: [\n"],
    ["an anchor that is not there", "mode: *sk_live_51H\n"],
    ["a tag", "mode: !sk_live_51H x\n"],
    ["another version", "version: sk_live_51H\n"],
  ])("extended, and not valid: %s is told of by nothing but that", async (_, text) => {
    answers(OWN, file('extends: "vault:prod/secrets.yml"\nmoed: x\n'));
    answers(VAULT, file(text));
    const reading = await loadPolicy(testClient(), REPO);
    expect(reading).toMatchObject({ state: "invalid" });
    expect(told(reading)).not.toMatch(/sk_live|hunter2|database_password|AKIA0|PRIVATE/);
    expect(told(reading)).toContain("kamiyo/vault:prod/secrets.yml, which this file extends, is not valid");
  });

  test("the names of roles that only the extended file has are not listed", async () => {
    answers(OWN, file('extends: "vault:prod/secrets.yml"\noverrides: { roles: [nobody] }\n'));
    answers(VAULT, file("roles: { secret-project: { users: [ada] } }\n"));
    expect(told(await loadPolicy(testClient(), REPO))).not.toContain("secret-project");
  });

  test("the owner's, not valid, is told of by nothing but that", async () => {
    answers(OWN, notFound, 404);
    answers(OWNERS, file(SECRETS));
    const reading = await loadPolicy(testClient(), REPO);
    expect(reading).toMatchObject({
      state: "invalid",
      problems: [{ file: OWNERS_LABEL, line: null, key: "" }],
    });
    expect(told(reading)).not.toMatch(/sk_live|hunter2|database_password|AKIA0/);
  });
});

describe("validateConfigAt", () => {
  const at = `${OWN}?ref=abc`;
  const change = { sha: "abc", blobs: new Map([[".github/hotfix.yml", "b10b"]]) };
  const validate = () => validateConfigAt(testClient(), REPO, change);

  test("says what is wrong with the file in that commit", async () => {
    answers(OWN, notFound, 404);
    answers(at, file("mod: observe\n"));
    expect(await validate()).toMatchObject({ known: true, value: { problems: [{ line: 1, key: "mod" }] } });
  });

  test("a valid file has no problems, a deleted one neither", async () => {
    answers(OWN, notFound, 404).get(OWN).reply(404, notFound);
    answers(at, file("mode: observe\nescalation: []\n", { sha: "b10b" }));
    expect(await validate()).toEqual({ known: true, value: { problems: [] } });
    answers(at, notFound, 404);
    expect(await validate()).toEqual({ known: true, value: { problems: [] } });
  });

  test("what is valid and hardly meant is told, of its own file alone", async () => {
    answers(OWN, notFound, 404);
    answers(at, file("escalation: [{ after: 15m, notify: [cto] }]\n", { sha: "b10b" }));
    expect(await validate()).toMatchObject({
      value: { problems: [], warnings: [{ file: ".github/hotfix.yml", key: "escalation[0].notify[0]" }] },
    });
  });

  test("a link is no file, whatever it leads to", async () => {
    answers(OWN, notFound, 404);
    answers(at, file("mode: observe\n", { sha: "7a76e7" }));
    expect(await validate()).toMatchObject({ value: { problems: [{ message: "this is a symbolic link" }] } });
  });

  test.each([
    ["nothing", ""],
    ["another repository", "extends: policies\n"],
    ["another file", 'extends: "vault:base.yml"\n'],
    ["what is not valid", "extends: [vault]\n"],
    ["a file that is itself not valid", '\textends: "vault:prod/secrets.yml"\n'],
  ])("extends is not followed where the default branch extends %s", async (_, inForce) => {
    answers(OWN, file(inForce));
    answers(at, file('extends: "vault:prod/secrets.yml"\n'));
    // Any request to vault would fail: nock knows none.
    expect(await validate()).toEqual({ known: true, value: { problems: [], alone: true } });
  });

  test("extends is followed where the default branch extends the same, and nothing of it is shown", async () => {
    answers(OWN, file('extends: "vault:prod/secrets.yml"\n'));
    answers(at, file('mode: observe\nextends: "VAULT:prod/secrets.yml"\n'));
    answers("/repos/kamiyo/VAULT/contents/prod%2Fsecrets.yml", file("database_password: hunter2\n"));
    const fact = await validate();
    expect(fact).toMatchObject({ value: { problems: [{ line: 2, key: "extends" }] } });
    expect(JSON.stringify(fact)).not.toMatch(/hunter2|database_password/);
  });

  test("a failure is unknown", async () => {
    answers(OWN, notFound, 404);
    fail(nock(API).persist().get(at), "502");
    expect(await validate()).toMatchObject({ known: false });
  });
});
