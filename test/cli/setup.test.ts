import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeEnvFile } from "../../src/cli/env-file.ts";
import { readEnvironment } from "../../src/environment.ts";
import { github, PEM } from "../server/support.ts";
import { compile, type Program, start } from "./program.ts";

beforeAll(compile);
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function directory(): string {
  const cwd = mkdtempSync(join(tmpdir(), "hotfix-guard-"));
  for (const name of ["app.yml", "package.json"]) writeFileSync(join(cwd, name), readFileSync(name));
  return cwd;
}

function setup(args: readonly string[], env: Record<string, string>, cwd: string): Program {
  const program = start(["setup", ...args], { PORT: "0", ...env }, cwd);
  closers.push(() => program.process.kill("SIGKILL"));
  return program;
}

const CREDENTIALS = { id: 42, name: "Acme Hotfix Guard", pem: PEM, webhook_secret: "0123456789abcdef0123" };

/** GitHub's answers for codes; `asked` has the requests. */
async function fakeGitHub(status = 201, body: object = CREDENTIALS) {
  const asked: string[] = [];
  const api = await github((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    response.writeHead(status, { "content-type": "application/json" });
    const html_url = `http://${new URL(api.baseUrl).host}/apps/acme-hotfix-guard`;
    response.end(JSON.stringify({ html_url, ...body }));
  });
  closers.push(api.close);
  const { host } = new URL(api.baseUrl);
  return { asked, host, env: { GHE_HOST: host, GHE_PROTOCOL: "http" } };
}

/** A setup that waits, with its page's address and the state in its form. */
async function waiting(args: readonly string[], env: Record<string, string>, cwd = directory()) {
  const program = setup(args, env, cwd);
  const [, page = ""] = await program.says(/Open (http:\S+) in your browser/);
  const html = await (await fetch(page)).text();
  const [, action = ""] = /action="([^"]*)"/.exec(html) ?? [];
  const plain = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  const form = new URL(plain(action));
  const manifest = JSON.parse(plain(/name="manifest" value="([^"]*)"/.exec(html)?.[1] ?? "{}"));
  return { program, page, html, form, state: form.searchParams.get("state") ?? "", manifest, cwd };
}

/** A request with any headers, Host too. */
function ask(url: string, headers: Record<string, string>, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    })
      .on("error", reject)
      .end();
  });
}

describe("hotfix-guard setup", () => {
  it("sends app.yml to GitHub, keeps the credentials in .env, says what is next, and is over", async () => {
    const { asked, host, env } = await fakeGitHub();
    const cwd = directory();
    writeFileSync(join(cwd, ".env"), "LOG_LEVEL=debug");
    const { program, page, form, state, manifest } = await waiting(
      ["--url", "https://hotfix.example.org"],
      env,
      cwd,
    );
    expect(manifest).toMatchObject(parse(readFileSync("app.yml", "utf8")) as object);
    expect(manifest.hook_attributes).toEqual({ url: "https://hotfix.example.org/api/github/webhooks" });
    expect(manifest.redirect_url).toBe(`${page}/created`);
    expect(`${form.origin}${form.pathname}`).toBe(`http://${host}/settings/apps/new`);

    const done = await fetch(`${manifest.redirect_url}?code=abc&state=${state}`);
    const html = await done.text();
    expect(html).toContain("Acme Hotfix Guard was created");
    expect(html).toContain(`http://${host}/apps/acme-hotfix-guard/installations/new`);
    expect(html).not.toMatch(/BEGIN|0123456789abcdef/);
    expect(await program.exit).toBe(0);
    expect(asked).toEqual(["POST /api/v3/app-manifests/abc/conversions"]);
    expect(program.output()).toMatch(/Next:[\s\S]*npm start[\s\S]*hotfix-gate/);
    await expect(fetch(page)).rejects.toThrow();

    const variables = parseEnv(readFileSync(join(cwd, ".env"), "utf8")) as Record<string, string>;
    expect(variables).toMatchObject({ LOG_LEVEL: "debug", GHE_HOST: host });
    expect(readEnvironment(variables)).toMatchObject({ ok: true, environment: { appId: 42 }, warnings: [] });
  });

  it("makes it an organization's", async () => {
    const { form } = await waiting(["--org", "acme-corp"], {});
    expect(`${form.origin}${form.pathname}`).toBe(
      "https://github.com/organizations/acme-corp/settings/apps/new",
    );
    const byVariable = await waiting([], { GH_ORG: "acme" });
    expect(byVariable.form.pathname).toBe("/organizations/acme/settings/apps/new");
  });

  it("says what to do about the address where none was given, and takes a proxy's channel as it is", async () => {
    const { env } = await fakeGitHub();
    const { program, manifest, state } = await waiting([], env);
    await fetch(`${manifest.redirect_url}?code=abc&state=${state}`);
    expect(await program.exit).toBe(0);
    expect(program.output()).toMatch(/Set its webhook address/);
    const proxied = await waiting(["--url", "https://smee.io/abc"], {});
    expect(proxied.manifest.hook_attributes).toEqual({ url: "https://smee.io/abc" });
  });

  it("takes credentials from nobody but GitHub, and is reached by nobody else", async () => {
    const { asked, env } = await fakeGitHub();
    const { program, page, manifest, state, cwd } = await waiting([], env);
    const { origin, host } = new URL(page);
    const back = `${manifest.redirect_url}?code=abc&state=${state}`;
    const own = { host };
    const attempts: readonly (readonly [what: string, status: Promise<number>, expected: number])[] = [
      ["Probot's import", ask(`${origin}/probot/import`, own, "POST"), 404],
      ["Probot's setup", ask(`${origin}/probot/setup?code=abc`, own), 404],
      ["no secret path", ask(`${origin}/`, own), 404],
      ["another path", ask(`${origin}/${"x".repeat(32)}/created?code=abc&state=${state}`, own), 404],
      ["another host", ask(back, { host: "evil.example" }), 403],
      ["another port", ask(back, { host: "127.0.0.1:1" }), 403],
      ["another origin", ask(back, { ...own, origin: "https://evil.example" }), 403],
      ["an opaque origin", ask(back, { ...own, origin: "null" }), 403],
      ["a post", ask(back, { ...own, origin }, "POST"), 405],
      ["no state", ask(`${manifest.redirect_url}?code=abc`, own), 400],
      ["another state", ask(`${manifest.redirect_url}?code=abc&state=${"x".repeat(32)}`, own), 400],
      ["no code", ask(`${manifest.redirect_url}?state=${state}`, own), 400],
      ["a code that leads elsewhere", ask(`${manifest.redirect_url}?code=..%2Fx&state=${state}`, own), 400],
    ];
    for (const [what, status, expected] of attempts) expect([what, await status]).toEqual([what, expected]);
    expect(asked).toEqual([]);
    expect(existsSync(join(cwd, ".env"))).toBe(false);
    // The honest one, after all of these.
    expect(await ask(back, own)).toBe(200);
    expect(await program.exit).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it("listens on this machine only", async () => {
    const { page } = await waiting([], { HOST: "0.0.0.0" });
    const { port } = new URL(page);
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const address = others.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    if (address !== undefined) await expect(fetch(`http://${address}:${port}/`)).rejects.toThrow();
    expect(new URL(page).hostname).toBe("127.0.0.1");
  });

  it.each([
    ["an error", 404, {}, /GitHub answered 404/],
    ["half of it", 201, { ...CREDENTIALS, pem: null }, /lacks the credentials/],
  ])("says so where GitHub answers with %s, and goes on", async (_, status, body, says) => {
    const { env } = await fakeGitHub(status, body);
    const { manifest, state, page, cwd } = await waiting([], env);
    const answer = await fetch(`${manifest.redirect_url}?code=abc&state=${state}`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(says);
    expect(existsSync(join(cwd, ".env"))).toBe(false);
    expect((await fetch(page)).status).toBe(200);
  });

  it.each([
    ["an address that is none", ["--url", "example"], {}, /--url must be an address/],
    ["an organization that is none", ["--org", "a/b"], {}, /--org must be/],
    ["a host that is none", [], { GHE_HOST: "https://x/y" }, /GHE_HOST is not a host name/],
    ["an app that is there already", [], { APP_ID: "7" }, /There already is an app/],
  ])("refuses %s", async (_name, args, env: Record<string, string>, says) => {
    const cwd = directory();
    const program = setup(args, env, cwd);
    expect(await program.exit).toBe(2);
    expect(program.output()).toMatch(says);
    expect(existsSync(join(cwd, ".env"))).toBe(false);
  });
});

describe("writeEnvFile", () => {
  const file = () => join(mkdtempSync(join(tmpdir(), "hotfix-guard-")), ".env");
  const mode = (path: string) => statSync(path).mode & 0o777;

  it("is readable by its owner only, also where it was there for all to read", () => {
    const [made, there] = [file(), file()];
    writeFileSync(there, "LOG_LEVEL=debug\n");
    chmodSync(there, 0o644);
    for (const path of [made, there]) {
      writeEnvFile(path, { APP_ID: "42" });
      expect(mode(path)).toBe(0o600);
    }
    expect(readFileSync(there, "utf8")).toBe("LOG_LEVEL=debug\nAPP_ID=42\n");
  });

  it("keeps what else is in it, and has each setting once", () => {
    const path = file();
    writeFileSync(path, '# mine\nAPP_ID=\nexport WEBHOOK_SECRET="old"\n\nLOG_LEVEL=debug');
    writeEnvFile(path, { APP_ID: "42", PRIVATE_KEY: PEM, WEBHOOK_SECRET: "new" });
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^# mine\n\nLOG_LEVEL=debug\nAPP_ID=42\n/);
    expect(parseEnv(text)).toMatchObject({ APP_ID: "42", WEBHOOK_SECRET: "new", LOG_LEVEL: "debug" });
    expect(readdirSync(join(path, ".."))).toEqual([".env"]);
  });

  it("follows a link to the file that is meant", () => {
    const [target, link] = [file(), file()];
    writeFileSync(target, "LOG_LEVEL=debug\n");
    symlinkSync(target, link);
    writeEnvFile(link, { APP_ID: "42" });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect([mode(target), readFileSync(target, "utf8")]).toEqual([0o600, "LOG_LEVEL=debug\nAPP_ID=42\n"]);
  });
});
