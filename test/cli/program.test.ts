import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { readEnvironment } from "../../src/environment.ts";
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
  it("that cannot start says how to mend it, and exits with 1", async () => {
    const failures: readonly (readonly [env: Record<string, string>, says: readonly RegExp[]])[] = [
      [{}, [/APP_ID is missing/, /PRIVATE_KEY is missing/, /WEBHOOK_SECRET is missing/, /npm run setup/]],
      [{ ...GOOD, WEBHOOK_SECRET: "" }, [/WEBHOOK_SECRET is missing/, /openssl rand/]],
      [{ ...GOOD, PRIVATE_KEY: PEM.slice(0, 700) }, [/cut off or damaged/, /\.pem/]],
      [{ ...GOOD, PRIVATE_KEY: "", PRIVATE_KEY_PATH: "no.pem" }, [/ENOENT/]],
      [{ ...GOOD, HOST: "192.0.2.1" }, [/HOST is no address of this machine/]],
    ];
    for (const [env, says] of failures) {
      const program = serve(env);
      expect(await program.exit).toBe(1);
      for (const pattern of says) expect(program.output()).toMatch(pattern);
      expect(program.output()).not.toContain(PEM.split("\n")[1]);
      expect(program.output()).not.toContain(SECRET);
    }
  });

  it("says so where its port is taken, and exits with 1", async () => {
    const api = await quietGitHub();
    const program = serve({ ...GOOD, PORT: api.GHE_HOST.split(":")[1] ?? "" });
    expect(await program.exit).toBe(1);
    expect(program.output()).toMatch(/Port \d+ is taken/);
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
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toMatch(/APP_ID is not a number[\s\S]*those in the file \.env were read/);
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
    expect(await other.exit).toBe(1);
    expect(other.output()).toMatch(/unknown command 'deploy'/);
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

  it("sweeps once: exits with 0 when all was looked at, with 1 where GitHub cannot be reached", async () => {
    const done = start(["sweep"], { ...GOOD, ...(await quietGitHub()) });
    expect(await done.exit).toBe(0);
    const failed = start(["sweep"], { ...GOOD, GHE_HOST: "127.0.0.1:65530", GHE_PROTOCOL: "http" });
    expect(await failed.exit).toBe(1);
    expect(failed.output()).toMatch(/could not be listed/);
  });
});

function directory(): string {
  const cwd = mkdtempSync(join(tmpdir(), "hotfix-guard-"));
  writeFileSync(join(cwd, "app.yml"), readFileSync("app.yml"));
  writeFileSync(join(cwd, "package.json"), readFileSync("package.json"));
  return cwd;
}

function setup(args: readonly string[], env: Record<string, string>, cwd: string): Program {
  const program = start(["setup", ...args], { PORT: "0", ...env }, cwd);
  programs.push(program);
  return program;
}

describe("hotfix-guard setup", () => {
  it("sends app.yml to GitHub, keeps the credentials in .env, and says what is next; needs nothing else of the network", async () => {
    const asked: string[] = [];
    const api = await github((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const credentials = {
        id: 42,
        pem: PEM,
        webhook_secret: "0123456789abcdef0123",
        client_id: "c",
        client_secret: "s",
      };
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...credentials, html_url: "http://github.test/apps/hotfix-guard" }));
    });
    const cwd = directory();
    writeFileSync(join(cwd, ".env"), "LOG_LEVEL=debug");
    const host = new URL(api.baseUrl).host;
    const program = setup(
      ["--url", "https://hotfix.example.org"],
      { GHE_HOST: host, GHE_PROTOCOL: "http" },
      cwd,
    );
    const [, page = ""] = await program.says(/Open (http:\S+\/probot) /);

    const html = await (await fetch(page)).text();
    const manifest = JSON.parse(
      /name="manifest"[^>]*value='([^']*)'/.exec(html)?.[1]?.replaceAll("&quot;", '"') ?? "{}",
    );
    expect(manifest).toMatchObject(parse(readFileSync("app.yml", "utf8")) as object);
    expect(manifest.hook_attributes).toEqual({ url: "https://hotfix.example.org/api/github/webhooks" });
    expect(html).toContain(`http://${host}/settings/apps/new`);

    const done = await fetch(page.replace("/probot", "/probot/setup?code=abc"), { redirect: "manual" });
    expect(done.headers.get("location")).toBe("http://github.test/apps/hotfix-guard/installations/new");
    expect(await program.exit).toBe(0);
    expect(asked).toEqual(["POST /api/v3/app-manifests/abc/conversions"]);
    expect(program.output()).toMatch(/Next:[\s\S]*npm start[\s\S]*hotfix-gate/);

    const file = join(cwd, ".env");
    const variables = parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
    expect(variables.LOG_LEVEL).toBe("debug");
    expect(variables).not.toHaveProperty("WEBHOOK_PROXY_URL");
    expect(readEnvironment(variables)).toMatchObject({ ok: true, environment: { appId: 42 }, warnings: [] });
    api.close();
  });

  it("makes .env readable by its owner only, and says what to do about the address where none was given", async () => {
    const api = await github((_request, response) => {
      response.writeHead(201, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          id: 42,
          pem: PEM,
          webhook_secret: "x",
          client_id: "c",
          client_secret: "s",
          html_url: "",
        }),
      );
    });
    const cwd = directory();
    const program = setup([], { GHE_HOST: new URL(api.baseUrl).host, GHE_PROTOCOL: "http" }, cwd);
    const [, page = ""] = await program.says(/Open (http:\S+\/probot) /);
    await fetch(page.replace("/probot", "/probot/setup?code=abc"), { redirect: "manual" });
    expect(await program.exit).toBe(0);
    expect(program.output()).toMatch(/Set its webhook address/);
    expect(statSync(join(cwd, ".env")).mode & 0o777).toBe(0o600);
    api.close();
  });

  it("takes a proxy's channel as it is", async () => {
    const program = setup(["--url", "https://smee.io/abc"], {}, directory());
    const [, page = ""] = await program.says(/Open (http:\S+\/probot) /);
    expect(await (await fetch(page)).text()).toMatch(/https:\/\/smee\.io\/abc(?:&quot;|")/);
  });

  it.each([
    ["an address that is none", ["--url", "example"], {}, /--url must be an address/],
    ["an app that is there already", [], { APP_ID: "7" }, /There is an app already/],
  ])("refuses %s", async (_name, args, env: Record<string, string>, says) => {
    const cwd = directory();
    const program = setup(args, env, cwd);
    expect(await program.exit).toBe(1);
    expect(program.output()).toMatch(says);
    expect(existsSync(join(cwd, ".env"))).toBe(false);
  });

  it("refuses a directory without app.yml", async () => {
    const program = setup([], {}, mkdtempSync(join(tmpdir(), "hotfix-guard-")));
    expect(await program.exit).toBe(1);
    expect(program.output()).toMatch(/app\.yml is not here/);
  });
});
