import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JANE, JOHN, REPO, RITA, setUpKamiyo } from "../../src/demo/kamiyo.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { MANIFEST } from "../scenario/support.ts";
import { isInstalled, SHELLS } from "../support/shell-world.ts";
import { compile, start } from "./program.ts";
import { temporary } from "./repository.ts";

/** `hotfix-guard validate --repo` as a user runs it: a process of its own, and the sandbox as GitHub. */

let sandbox: Sandbox;
const ADMIN = "ada-admin";

beforeAll(async () => {
  compile();
  sandbox = await startSandbox({
    permissions: MANIFEST.default_permissions,
    events: MANIFEST.default_events,
  });
  await setUpKamiyo(sandbox);
  sandbox.createUser(ADMIN);
  sandbox.setPermission(REPO, ADMIN, "admin");
  sandbox.addOrganizationMember("kamiyo", ADMIN, "admin");
}, 120_000);
afterAll(() => sandbox.close());

async function configure(text: string): Promise<void> {
  const git = sandbox.git(REPO);
  await git.commit("main", { message: "Configure", files: { ".github/hotfix.yml": text } });
  sandbox.protect(REPO, "main", null);
  await git.push(RITA, "main");
}

async function validate(
  args: readonly string[],
  env: Readonly<Record<string, string>> = { GH_TOKEN: sandbox.as(ADMIN).token },
) {
  const program = start(
    ["validate", ...args],
    { GHE_HOST: sandbox.host, GHE_PROTOCOL: "http", ...env },
    temporary(),
  );
  return { status: await program.exit, output: program.output() };
}

const FINE = `version: 1
roles:
  on-call: { teams: [engineering-managers] }
  engineering-manager: { teams: [engineering-managers] }
  cto: { users: [${JANE}] }
`;

describe("hotfix-guard validate --repo", () => {
  it("names what does not work on GitHub, at its place in the file", async () => {
    await configure(
      FINE.replace("teams: [engineering-managers] }\n  eng", "teams: [on-cal] }\n  eng").replace(
        JANE,
        "nobody-at-all",
      ),
    );
    const { status, output } = await validate(["--repo", REPO]);
    expect(status).toBe(1);
    expect(output).toMatch(
      /^\.github\/hotfix\.yml:3:\d+: roles\.on-call\.teams\[0\]: the team on-cal is not there/m,
    );
    expect(output).toMatch(
      /^\.github\/hotfix\.yml:5:\d+: roles\.cto\.users\[0\]: nobody-at-all is not there/m,
    );
    expect(output).toMatch(/main does not require hotfix-gate.* gh api repos\/kamiyo\/api\/rulesets/);
    expect(output).toMatch(/invalid, \d problems/);
    const [, printed = ""] = /As an administrator: (gh api .*)$/m.exec(output) ?? [];
    // No app has written the check yet, so its id is to be filled in.
    const command = printed.replace("<APP_ID>", "1");
    for (const shell of (["bash", "zsh"] as const).filter(isInstalled)) {
      const bin = temporary();
      writeFileSync(join(bin, "gh"), '#!/bin/sh\necho "$@"\ncat\n', { mode: 0o755 });
      const [file, ...options] = SHELLS[shell];
      const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
      const ran = execFileSync(file, options, { input: command, env, encoding: "utf8" });
      const [call = "", ...ruleset] = ran.split("\n");
      expect(call).toBe(`api repos/${REPO}/rulesets --input -`);
      expect(JSON.parse(ruleset.join("\n"))).toMatchObject({ enforcement: "active" });
    }
    expect(sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("says that all is well, with the check pinned to the app that writes it", async () => {
    await configure(FINE);
    const app = sandbox.asApp();
    const sha = sandbox.git(REPO).head("main") as string;
    await sandbox.git(REPO).push(JOHN, "hotfix/one", sha);
    sandbox.protect(REPO, "main", { requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }] });
    const git = sandbox.git(REPO);
    const fix = await git.commit("hotfix/one", {
      message: "HOTFIX: x",
      files: { "a.txt": "x" },
      parents: [sha],
    });
    await git.push(JOHN, "hotfix/one", fix);
    await sandbox.as(JOHN).openPullRequest(REPO, { head: "hotfix/one", title: "HOTFIX: x" });
    await app.request("POST", `/repos/${REPO}/check-runs`, {
      name: "hotfix-gate",
      head_sha: fix,
      status: "completed",
      conclusion: "neutral",
      output: { title: "x", summary: "x" },
    });
    const { status, output } = await validate(["--repo", REPO]);
    expect(output).not.toMatch(/problem|warning: /);
    expect(output).toMatch(/valid$/m);
    expect(status).toBe(0);
    const json = JSON.parse((await validate(["--repo", REPO, "--json"])).output);
    expect(json.files[0]).toMatchObject({ state: "valid", problems: [], notes: expect.any(Array) });
    sandbox.protect(REPO, "main", {
      requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }],
      bypass: ["write"],
    });
    const bypassed = await validate(["--repo", REPO, "--format", "github"]);
    expect(bypassed.output).toMatch(/^::error .*everyone with write access may bypass that/m);
    // Who may not change the ruleset is not shown who may bypass it: that is not "nobody".
    expect((await validate(["--repo", REPO], { GH_TOKEN: sandbox.as(JOHN).token })).output).not.toMatch(
      /may bypass/,
    );
  });

  const refused: readonly (readonly [string, readonly string[], () => Record<string, string>, RegExp])[] = [
    ["no owner", ["--repo", "api"], () => ({ GH_TOKEN: "x" }), /--repo takes owner\/name, not "api"/],
    [
      "a repository that is not there",
      ["--repo", "kamiyo/none"],
      () => ({ GH_TOKEN: sandbox.as(ADMIN).token }),
      /kamiyo\/none/,
    ],
    ["a token that is none", ["--repo", REPO], () => ({ GH_TOKEN: "ghp_wrong" }), /GH_TOKEN/],
    ["no token", ["--repo", REPO], () => ({}), /there is no token: set GH_TOKEN/],
    ["two files", ["--repo", REPO, "a.yml", "b.yml"], () => ({ GH_TOKEN: "x" }), /one file at most/],
    ["--fix", ["--repo", REPO, "--fix"], () => ({ GH_TOKEN: "x" }), /writes nothing/],
    [
      "a file that is not there",
      ["--repo", REPO, "none.yml"],
      () => ({ GH_TOKEN: sandbox.as(ADMIN).token }),
      /none\.yml: cannot be read/,
    ],
  ];
  it.each(refused)("%s: one line, exit status 2", async (_name, args, env, says) => {
    const { status, output } = await validate(args, env());
    expect(output).toMatch(says);
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  });

  it("no network: one line, exit status 2", async () => {
    const { status, output } = await validate(["--repo", REPO], { GHE_HOST: "127.0.0.1:9", GH_TOKEN: "x" });
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  });
});
