import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createClock } from "../../../src/demo/clock.ts";
import { freePort } from "../../../src/demo/free-port.ts";
import { SHOP, setUpHotaru } from "../../../src/demo/hotaru.ts";
import { REPO, setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import { tellStory } from "../../../src/demo/story.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { compile, OUT, start } from "../../cli/program.ts";
import { HAS_REDIS, startRedis } from "../../jobs/redis-server.ts";
import { MANIFEST } from "../support.ts";
import { balance } from "./balance.ts";
import { until } from "./support.ts";

/** Issue 11: the README's own lines, in a shell, start two instances that share the demo's own story. */

beforeAll(compile);

/** The lines as they stand there, with ports that are free here. */
async function lines(
  redisUrl: string,
): Promise<{ readonly script: string; readonly urls: readonly string[] }> {
  const [block = ""] =
    readFileSync("README.md", "utf8").match(/^ *REDIS_URL=.* npm start &\n *REDIS_URL=.* npm start$/m) ?? [];
  const ports = [await freePort(), await freePort()];
  const script = block
    .replaceAll("redis://localhost:6379", redisUrl)
    .replace("PORT=3000", `PORT=${ports[0]}`)
    .replace("PORT=3001", `PORT=${ports[1]}`);
  return { script, urls: ports.map((port) => `http://127.0.0.1:${port}`) };
}

/** What a clone is after `npm ci`. */
function clone(): string {
  const root = mkdtempSync(join(tmpdir(), "hotfix-guard-readme-"));
  for (const name of ["package.json", "scripts"]) cpSync(name, join(root, name), { recursive: true });
  mkdirSync(join(root, "home"));
  symlinkSync(OUT, join(root, "dist"));
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  return root;
}

/** Both, once they are ready; where somebody else has taken a port meanwhile, on others. */
async function startBoth(root: string, env: Readonly<Record<string, string>>, redisUrl: string) {
  for (let tries = 1; ; tries++) {
    const { script, urls } = await lines(redisUrl);
    expect(script.match(/npm start/g)).toHaveLength(2);
    const shell = spawn("bash", ["-c", `${script}\nwait`], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    for (const stream of [shell.stdout, shell.stderr])
      stream.on("data", (chunk) => {
        log += String(chunk);
      });
    const stop = () => process.kill(-(shell.pid as number), "SIGTERM");
    try {
      for (const url of urls)
        await until(
          `${url} is ready`,
          async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok === true,
        );
      return { urls, stop, log: () => log };
    } catch (error) {
      stop();
      if (tries === 3) throw new Error(log, { cause: error });
    }
  }
}

/** What must be there once: the app's markers in comments, and post-mortems by what they are of. */
async function once(sandbox: Sandbox, repo: string): Promise<readonly string[]> {
  const issues = await sandbox.issues(repo);
  const last = Math.max(...issues.map(({ number }) => number));
  const comments = await Promise.all(
    Array.from({ length: last }, async (_, i) => {
      const all = await sandbox.comments(repo, i + 1).catch(() => []);
      const marked = all.flatMap(({ body }) => body?.match(/<!-- hotfix-guard:[^>]* -->/g) ?? []);
      return marked.map((marker) => `${repo}#${i + 1} ${marker}`);
    }),
  );
  const titles = issues.map(({ title }) => title).filter((title) => title.startsWith("Post-mortem:"));
  return [...comments.flat(), ...titles];
}

describe.skipIf(!HAS_REDIS)("two instances by the README's lines", () => {
  it("share the demo's story, each event told to both: no comment and no post-mortem is doubled, not even for a moment", async () => {
    const clock = createClock();
    const sandbox = await startSandbox({
      permissions: MANIFEST.default_permissions,
      events: MANIFEST.default_events,
      clock: clock.now,
    });
    const redis = await startRedis();
    await setUpKamiyo(sandbox);
    await setUpHotaru(sandbox);
    const root = clone();
    const env = {
      HOME: join(root, "home"),
      NODE_ENV: "production",
      APP_ID: String(sandbox.app.id),
      PRIVATE_KEY: sandbox.app.privateKey,
      WEBHOOK_SECRET: sandbox.app.webhookSecret,
      GHE_HOST: sandbox.host,
      GHE_PROTOCOL: "http",
    };
    // The story is told on the terminal.
    const terminal = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const both = await startBoth(root, env, redis.url);
    const { urls } = both;
    const balancer = await balance(
      sandbox,
      urls.map((url) => ({ url })),
    );
    try {
      sandbox.knobs.deliveries.double = () => true;
      await tellStory(sandbox, clock, async () => {
        const sweep = start(["sweep"], { ...env, REDIS_URL: redis.url });
        expect([await sweep.exit, sweep.output()]).toEqual([0, expect.stringContaining("sweep done")]);
      });
      const metrics = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
      for (const text of metrics) {
        expect(text).toContain("hotfix_instances 2");
        expect(text).toMatch(/^hotfix_job_runs_total\{outcome="done"\} [1-9]/m);
        expect(text).toMatch(/^hotfix_open\{what="hotfix"\} 0$/m);
      }
      const all = (await Promise.all([REPO, SHOP].map((repo) => once(sandbox, repo)))).flat();
      expect(all.filter((one) => one.startsWith("Post-mortem:"))).toHaveLength(3);
      expect(all.length).toBeGreaterThan(8);
      expect(all.filter((one, i) => all.indexOf(one) !== i)).toEqual([]);
      // Nothing was taken away that had been doubled.
      const removed = sandbox.requests.filter(
        ({ method, path }) => method === "DELETE" && /\/comments\//.test(path),
      );
      expect(removed).toEqual([]);
      expect(both.log()).not.toMatch(/another instance|queue cannot be reached|"level":(?:50|60)/);
    } finally {
      terminal.mockRestore();
      both.stop();
      balancer.close();
      await sandbox.close();
      await redis.stop();
    }
  }, 300_000);
});
