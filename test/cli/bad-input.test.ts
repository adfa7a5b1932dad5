import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PEM, SECRET } from "../server/support.ts";
import { compile, OUT, start } from "./program.ts";

beforeAll(compile, 120_000);

const root = mkdtempSync(join(tmpdir(), "bad-input-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder of its own; with `commits` a repository that has one, with `git` one that has none. */
function folder(what: "plain" | "git" | "commits"): string {
  const path = mkdtempSync(join(root, `${what}-`));
  if (what !== "plain") git(path, "init", "-q", "-b", "main");
  if (what === "commits") git(path, "commit", "-q", "--allow-empty", "-m", "First");
  return path;
}

function git(cwd: string, ...args: readonly string[]): string {
  const as = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
  return execFileSync("git", [...as, ...args], { cwd, encoding: "utf8" });
}

/** Runs it as a person would; the status, and what it said. */
async function run(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  const program = start(args, { HOME: root, ...env }, cwd);
  const status = await program.exit;
  return { status, said: program.output().trim() };
}

const NO_NETWORK = { GH_TOKEN: "x", GHE_HOST: "127.0.0.1:1", GHE_PROTOCOL: "http" };

describe.concurrent("one clear line, exit status 2, and nothing is written", () => {
  it.each<[args: readonly string[], where: "plain" | "git" | "commits", says: RegExp]>([
    [["check"], "plain", /^Not in a git repository/],
    [["start", "fix it"], "plain", /^Not in a git repository/],
    [["init", "--yes"], "plain", /^Not in a git repository/],
    [["hook", "install"], "plain", /^Not in a git repository/],
    [["check"], "git", /^There are no commits yet/],
    [["start", "fix it", "--offline"], "git", /^No base branch found/],
    [["check", "--base", "nope"], "commits", /^There is no branch nope here/],
    [["validate"], "commits", /^\.github\/hotfix\.yml: not found/],
    [["validate", "none.yml"], "commits", /^none\.yml: cannot be read: there is no such file/],
    [["check", "--base", "HEAD~1"], "commits", /^There is no branch HEAD~1 here/],
    [["check", "--json", "--format", "github"], "commits", /^--json and --format github exclude each other/],
    [["validate", "--json", "--format", "sarif"], "commits", /^--json and --format sarif exclude each other/],
    [
      ["explain", "missing-fields"],
      "plain",
      /^There is no rule missing-fields\. hotfix-guard explain lists all of them\./,
    ],
    [["simulate"], "plain", /^No simulation: say which: owner\/name#12, owner\/name, or --org name/],
    [["simulate", "a/b", "--org", "c"], "plain", /^No simulation: owner\/name and --org exclude each other/],
    [
      ["simulate", "nonsense"],
      "plain",
      /^No simulation: simulate takes owner\/name or owner\/name#12, not "nonsense"/,
    ],
    [
      ["simulate", "a/b#0"],
      "plain",
      /^No simulation: simulate takes owner\/name or owner\/name#12, not "a\/b#0"/,
    ],
    [["simulate", "a/b#1"], "plain", /^No simulation: there is no token/],
    [["report"], "plain", /^No report: say which/],
    [["report", "--repo", "a/b", "--since", "ever"], "plain", /^No report: --since takes a whole number/],
    [
      ["report", "--repo", "a/b", "--html", "no/such/place.html"],
      "plain",
      /cannot be written: there is no directory no\/such/,
    ],
    [["validate", "--repo", "a/b"], "plain", /^Not validated: there is no token/],
    [["demo", "--port", "1"], "plain", /^--port needs --open/],
    [["setup", "--url", "nonsense"], "plain", /^--url must be an address/],
    [["setup", "--org", "a b"], "plain", /^--org must be/],
  ])("%j in a folder: %s", async (args, where, says) => {
    const cwd = folder(where);
    const { status, said } = await run(args, cwd);
    expect(said).toMatch(says);
    expect(said.split("\n")).toHaveLength(1);
    expect(status).toBe(2);
    expect(readdirSync(cwd).filter((name) => name !== ".git")).toEqual([]);
  });

  it.each([
    ["validate", "--repo", "a/b"],
    ["simulate", "a/b#1"],
    ["simulate", "a/b"],
    ["report", "--repo", "a/b"],
  ])("without network: %s %s", async (...args) => {
    const { status, said } = await run(
      args.filter((one) => typeof one === "string"),
      folder("plain"),
      NO_NETWORK,
    );
    expect(said).toMatch(/GitHub could not be reached \(127\.0\.0\.1:1\)$/);
    expect(said.split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  });

  const BY_TOKEN = [
    ["validate", "--repo", "a/b"],
    ["simulate", "a/b#1"],
    ["simulate", "a/b"],
    ["simulate", "--org", "a", "--html", "page.html"],
    ["report", "--repo", "a/b"],
    ["report", "--repo", "a/b", "--observed"],
    ["report", "--repo", "a/b", "--evidence"],
    ["report", "--org", "a", "--html", "page.html"],
  ];
  const ANSWERS: readonly (readonly [status: number, body: object, byToken: RegExp, byKey: RegExp])[] = [
    [
      401,
      { message: "Bad credentials" },
      /GitHub did not accept the token in GH_TOKEN \(127/,
      /GitHub did not accept APP_ID and PRIVATE_KEY/,
    ],
    [
      403,
      { message: "Resource protected by organization SAML enforcement." },
      /the token in GH_TOKEN may not read the (repository a\/b|organization a): it lacks permission/,
      /the app may not read the (repository a\/b|organization a): it lacks permission/,
    ],
    [
      404,
      { message: "Not Found" },
      /the (repository a\/b|organization a) does not exist on 127.*or the token in GH_TOKEN cannot see it/,
      /the (repository a\/b|organization a) does not exist on 127.*or the app is not installed there/,
    ],
  ];
  it.each(ANSWERS)(
    "GitHub answers %s, to the token and to the app's key",
    async (status, body, byToken, byKey) => {
      const server = createServer((_, response) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      const { port } = server.address() as AddressInfo;
      const where = { GHE_HOST: `127.0.0.1:${port}`, GHE_PROTOCOL: "http" };
      const key = { APP_ID: "7", PRIVATE_KEY: PEM, WEBHOOK_SECRET: SECRET, ...where };
      const by = (env: Readonly<Record<string, string>>, says: RegExp) => (args: readonly string[]) => ({
        args,
        env,
        says,
      });
      const runs = [
        ...BY_TOKEN.map(by({ GH_TOKEN: "x", ...where }, byToken)),
        // One way leads to a repository, the other to an organization.
        ...[BY_TOKEN[0], BY_TOKEN[7]].map((args = []) => by(key, byKey)(args)),
      ];
      // Four at a time: each is a process.
      for (let from = 0; from < runs.length; from += 4)
        await Promise.all(
          runs.slice(from, from + 4).map(async ({ args, env, says }) => {
            const cwd = folder("plain");
            const { status: code, said } = await run(args, cwd, env);
            expect(said, args.join(" ")).toMatch(says);
            expect(said.split("\n"), args.join(" ")).toHaveLength(1);
            expect(code, args.join(" ")).toBe(2);
            expect(readdirSync(cwd), args.join(" ")).toEqual([]);
          }),
        );
      if (status === 401) {
        const { status: code, said } = await run(["sweep"], folder("plain"), key);
        expect([code, said]).toEqual([2, expect.stringMatching(/^.*No sweep: .*GitHub answered 401 \(.*$/)]);
      }
      server.close();
    },
    180_000,
  );

  const INVALID = "version: 1\nseverities: [\n";
  it.each<[args: readonly string[], says: RegExp, lines: number]>([
    [["check"], /The configuration is invalid .*\n {2}\.github\/hotfix\.yml:3:1: not valid YAML/, 2],
    [["start", "fix it", "--offline"], /^The configuration is invalid .*: hotfix-guard validate says why/, 1],
    [["validate", "--strict", "nothing.yml"], /^nothing\.yml: cannot be read/, 1],
  ])("a configuration that does not parse: %j", async (args, says, lines) => {
    const cwd = folder("commits");
    mkdirSync(join(cwd, ".github"));
    writeFileSync(join(cwd, ".github/hotfix.yml"), INVALID);
    git(cwd, "add", "--all");
    git(cwd, "commit", "-q", "-m", "Configure");
    git(cwd, "switch", "-q", "-c", "hotfix/x");
    const { status, said } = await run(args, cwd);
    expect(said).toMatch(says);
    expect(said.split("\n")).toHaveLength(lines);
    expect(status).toBe(2);
    expect(git(cwd, "branch", "--format=%(refname:short)").trim().split("\n")).toEqual(["hotfix/x", "main"]);
  });

  it.each([["detached"], ["shallow"]])(
    "a hotfix can be started, and the hook installed, in a clone that is %s",
    async (what) => {
      const origin = folder("commits");
      git(origin, "commit", "-q", "--allow-empty", "-m", "Second");
      const cwd = join(folder("plain"), "clone");
      git(origin, "clone", "-q", ...(what === "shallow" ? ["--depth=1"] : []), `file://${origin}`, cwd);
      git(cwd, "config", "user.name", "A");
      git(cwd, "config", "user.email", "a@example.com");
      if (what === "detached") git(cwd, "switch", "-q", "--detach");
      for (const args of [
        ["hook", "install"],
        ["init", "--yes"],
        ["start", "fix it", "--issue", "1", "--severity", "P1"],
      ])
        expect(await run(args, cwd), args.join(" ")).toMatchObject({ status: 0 });
      expect(git(cwd, "branch", "--show-current").trim()).toBe("hotfix/fix-it");
    },
  );

  it("a configuration to simulate by that does not parse", async () => {
    const cwd = folder("plain");
    writeFileSync(join(cwd, "new.yml"), INVALID);
    const { status, said } = await run(["simulate", "a/b#1", "--config", "new.yml"], cwd, NO_NETWORK);
    expect([status, said]).toEqual([
      2,
      expect.stringMatching(/^No simulation: new\.yml:3:1: not valid YAML.*$/),
    ]);
  });

  it.each([["frob"], ["check", "--nope"], ["completion", "tcsh"], ["start"]])(
    "what is no command or no option: %s %s",
    async (...args) => {
      const { status, said } = await run(
        args.filter((one) => typeof one === "string"),
        folder("commits"),
      );
      expect(said).toMatch(/^error: .*\n\(hotfix-guard --help says more\)$/);
      expect(status).toBe(2);
    },
  );

  it("where .github is a file", async () => {
    const cwd = folder("commits");
    writeFileSync(join(cwd, ".github"), "");
    const { status, said } = await run(["init", "--yes"], cwd);
    expect(said).toMatch(/^Nothing was written: .*\.github is a file, and has to be a directory\.$/);
    expect(status).toBe(2);
  });

  it("where the folder of hooks is a file", async () => {
    const cwd = folder("commits");
    rmSync(join(cwd, ".git/hooks"), { recursive: true, force: true });
    writeFileSync(join(cwd, ".git/hooks"), "");
    const { status, said } = await run(["hook", "install"], cwd);
    expect(said).toMatch(/^Nothing was installed: .*hooks is a file, and has to be a directory$/);
    expect(status).toBe(2);
  });

  it.each([
    ["demo", "--open", "--port"],
    ["setup", "PORT"],
  ])("a port that is taken: %s", async (command, ...option) => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const inEnvironment = option[0] === "PORT";
    const { status, said } = await run(
      inEnvironment ? [command] : [command, ...option.filter((one) => one !== undefined), `${port}`],
      folder("plain"),
      inEnvironment ? { PORT: `${port}` } : {},
    );
    server.close();
    expect(said).toMatch(new RegExp(`^Port ${port} is taken`));
    expect(status).toBe(2);
  });

  it("whoever reads has seen enough: no word, status 0", () => {
    const main = join(OUT, "cli/main.js");
    const out = execFileSync(
      "bash",
      [
        "-c",
        `set -o pipefail; "$0" "$1" explain 2>"$2" | head -1 >/dev/null; cat "$2"`,
        process.execPath,
        main,
        join(root, "stderr"),
      ],
      { encoding: "utf8" },
    );
    expect(out).not.toMatch(/EPIPE|at /);
  });

  it("Ctrl-C ends what waits, and leaves nothing", async () => {
    const cwd = folder("plain");
    const program = start(["setup"], { PORT: "0" }, cwd);
    await program.says(/Ctrl-C gives up/);
    program.process.kill("SIGINT");
    await program.exit;
    expect(existsSync(join(cwd, ".env"))).toBe(false);
  });
});
