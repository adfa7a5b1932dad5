import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { deliver, github, LABELED, PEM, SECRET } from "../server/support.ts";
import { compile, type Program, start } from "./program.ts";

// Other tests and builds may keep the machine busy.
vi.setConfig({ testTimeout: 60_000 });
beforeAll(compile, 120_000);

const programs: Program[] = [];
const closers: (() => void)[] = [];
afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.process.kill("SIGKILL");
    await program.exit;
  }
  for (const close of closers.splice(0)) close();
});

function serve(env: Record<string, string>, cwd?: string): Program {
  const program = start(["serve"], env, cwd);
  programs.push(program);
  return program;
}

const GOOD = { APP_ID: "7", PRIVATE_KEY: PEM, WEBHOOK_SECRET: SECRET, PORT: "0" };

/** GitHub with one installation that has no repositories. */
async function quietGitHub() {
  const api = await github((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    const body = path.endsWith("/app") ? { id: 7, slug: "hotfix-guard" } : [];
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  closers.push(api.close);
  return { GHE_HOST: new URL(api.baseUrl).host, GHE_PROTOCOL: "http" };
}

describe("hotfix-guard serve", () => {
  it("that cannot start says how to fix it, one problem in one line, and exits with 2", async () => {
    const failures: readonly (readonly [env: Record<string, string>, says: readonly RegExp[]])[] = [
      [{}, [/APP_ID is missing/, /PRIVATE_KEY is missing/, /WEBHOOK_SECRET is missing/, /npm run setup/]],
      [{ ...GOOD, WEBHOOK_SECRET: "" }, [/WEBHOOK_SECRET is missing/, /openssl rand/]],
      [{ ...GOOD, PRIVATE_KEY: PEM.slice(0, 700) }, [/cut off or damaged/, /\.pem/]],
      [{ ...GOOD, PRIVATE_KEY: "", PRIVATE_KEY_PATH: "no.pem" }, [/ENOENT/]],
      [{ ...GOOD, HOST: "192.0.2.1" }, [/HOST is no address of this machine/]],
    ];
    for (const [env, says] of failures) {
      const program = serve(env);
      expect(await program.exit).toBe(2);
      if (says.length < 3) expect(program.output().trim().split("\n")).toHaveLength(1);
      for (const pattern of says) expect(program.output()).toMatch(pattern);
      expect(program.output()).not.toContain(PEM.split("\n")[1]);
      expect(program.output()).not.toContain(SECRET);
    }
  });

  it("says so in a line where its port is taken, and exits with 2", async () => {
    const api = await quietGitHub();
    const program = serve({ ...GOOD, PORT: api.GHE_HOST.split(":")[1] ?? "" });
    expect(await program.exit).toBe(2);
    expect(program.output().trim()).toMatch(/^.*Port \d+ is taken.*set PORT to another.*$/);
  });

  it("names the setting whose port is taken: the one of metrics", async () => {
    const api = await quietGitHub();
    const taken = api.GHE_HOST.split(":")[1] ?? "";
    const program = serve({ ...GOOD, PORT: "0", HOTFIX_METRICS_PORT: taken });
    expect(await program.exit).toBe(2);
    expect(program.output().trim()).toMatch(
      new RegExp(`^.*Port ${taken} is taken.*set HOTFIX_METRICS_PORT to another.*$`),
    );
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "serves until %s, with JSON lines for a log in production",
    async (signal) => {
      const program = serve({
        ...GOOD,
        ...(await quietGitHub()),
        NODE_ENV: "production",
        LOG_LEVEL: "debug",
      });
      const [, url = ""] = await program.says(/listens on (http:\/\/127\.0\.0\.1:\d+)/);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect((await deliver({ url }, LABELED)).status).toBe(200);
      await program.says(/acme\/payments#12/);
      program.process.kill(signal);
      expect(await program.exit).toBe(0);
      for (const line of program.output().trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("msg");
      expect(program.output()).not.toContain(SECRET);
    },
  );

  it("reads .env; what is set already wins", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "hotfix-guard-"));
    const lines = { APP_ID: "x", PRIVATE_KEY: `"${PEM.replaceAll("\n", "\\n")}"`, WEBHOOK_SECRET: SECRET };
    writeFileSync(
      join(cwd, ".env"),
      Object.entries(lines)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );
    const broken = serve({}, cwd);
    expect(await broken.exit).toBe(2);
    expect(broken.output()).toMatch(/^Hotfix Guard cannot start: APP_ID is not a number\. Set it .*\n$/);
    const program = serve({ ...(await quietGitHub()), APP_ID: "7", PORT: "0" }, cwd);
    await program.says(/listens on/);
  });
});

describe("hotfix-guard", () => {
  it("shows its commands, and refuses others", async () => {
    const help = start(["--help"]);
    expect(await help.exit).toBe(0);
    expect(help.output()).toMatch(/serve[\s\S]*sweep[\s\S]*setup[\s\S]*validate[\s\S]*demo/);
    const other = start(["deploy"]);
    expect(await other.exit).toBe(2);
    expect(other.output()).toMatch(/unknown command 'deploy'/);
    const near = start(["chek"]);
    expect(await near.exit).toBe(2);
    expect(near.output()).toMatch(/Did you mean check\?/);
    const option = start(["check", "--jsno"]);
    expect(await option.exit).toBe(2);
    expect(option.output()).toMatch(/Did you mean --json\?/);
    const words = start(["start", "two", "words"]);
    expect(await words.exit).toBe(2);
  });

  it("says what to try, and its version", async () => {
    const bare = start([]);
    expect(await bare.exit).toBe(0);
    expect(bare.output()).toMatch(/What to try:[\s\S]*hotfix-guard check/);
    const version = start(["--version"]);
    expect(await version.exit).toBe(0);
    expect(version.output()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("validates files", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "hotfix-guard-"));
    writeFileSync(join(cwd, "good.yml"), "version: 1\n");
    writeFileSync(join(cwd, "bad.yml"), "versoin: 1\n");
    expect(await start(["validate", "good.yml"], {}, cwd).exit).toBe(0);
    const bad = start(["validate", "bad.yml"], {}, cwd);
    expect(await bad.exit).toBe(1);
    expect(bad.output()).toContain("bad.yml:1:1");
  });

  it("sweeps once: exits with 0 when all was looked at, with 2 and a line where GitHub cannot be reached", async () => {
    const done = start(["sweep"], { ...GOOD, ...(await quietGitHub()) });
    expect(await done.exit).toBe(0);
    const failed = start(["sweep"], { ...GOOD, GHE_HOST: "127.0.0.1:65530", GHE_PROTOCOL: "http" });
    expect(await failed.exit).toBe(2);
    expect(failed.output().trim()).toMatch(
      /^.*No sweep: the installations could not be listed: GitHub could not be reached \(127\.0\.0\.1:65530\)$/,
    );
  });
});
