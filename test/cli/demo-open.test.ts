import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ask } from "../playground/support.ts";
import { compile, type Program, start } from "./program.ts";

/** `hotfix-guard demo --open` as a user runs it. The variable BROWSER stands for a machine without one. */

beforeAll(compile);

const NO_BROWSER = { BROWSER: "/bin/false" };

const folder = () => mkdtempSync(join(tmpdir(), "hotfix-guard-demo-"));

describe("hotfix-guard demo", () => {
  it.each<[string, (program: Program) => unknown, number]>([
    ["by Ctrl-C", ({ process }) => process.kill("SIGINT"), 130],
    ["by kill", ({ process }) => process.kill("SIGTERM"), 143],
    ["with its terminal", ({ process }) => process.kill("SIGHUP"), 129],
    ["when nobody reads on, as head does", ({ process }) => process.stdout?.destroy(), 0],
  ])("ended %s leaves neither its server nor a folder behind", async (_, end, status) => {
    const TMPDIR = folder();
    const program = start(["demo"], { TMPDIR });
    const [, server = ""] = await program.says(/and the real server\s\((\S+)\)/);
    expect(readdirSync(TMPDIR)).not.toEqual([]);
    end(program);
    expect(await program.exit).toBe(status);
    expect(readdirSync(TMPDIR)).toEqual([]);
    await expect.poll(() => ask(`${server}/healthz`).then(() => "answers", String)).toContain("ECONNREFUSED");
  });
});

describe("hotfix-guard demo --open", () => {
  it("serves the page, says its address where no browser is, and ends with Ctrl-C", async () => {
    const TMPDIR = folder();
    const program = start(["demo", "--open"], { ...NO_BROWSER, TMPDIR });
    const [, url = ""] = await program.says(/The playground is at (http:\/\/127\.0\.0\.1:\d+)\n/);
    await program.says(/No browser could be opened \(.+\)\. Open the address above by hand\.\n/);
    expect((await ask(url)).body).toContain("Guided tour: step 1 of 8");
    program.process.kill("SIGINT");
    expect(await program.exit).toBe(0);
    expect(program.output()).toMatch(/The playground has ended\.\n$/);
    await expect(ask(url)).rejects.toThrow("ECONNREFUSED");
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it("tells the visitor when the app is gone, says nothing of a browser that opens, and still ends", async () => {
    const program = start(["demo", "--open"], { BROWSER: "/bin/true" });
    const [, url = ""] = await program.says(/The playground is at (\S+)/);
    expect((await ask(url)).body).not.toContain("Hotfix Guard itself has ended");
    const app = execFileSync("pgrep", ["-P", String(program.process.pid), "-f", "main.js serve"]);
    process.kill(Number(app.toString().trim()), "SIGKILL");
    await expect.poll(async () => (await ask(url)).body).toContain("Hotfix Guard itself has ended");
    program.process.kill("SIGTERM");
    expect(await program.exit).toBe(0);
    expect(program.output()).not.toContain("No browser");
  });

  it("says in a line that the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const { port } = other.address() as { port: number };
    const program = start(["demo", "--open", "--port", String(port)], NO_BROWSER);
    expect(await program.exit).toBe(2);
    expect(program.output()).toBe(
      `Port ${port} is taken. Choose another one with --port, or leave it out for any that is free.\n`,
    );
    other.close();
  });

  it.each([
    [["--open", "--port", "x"], '--port must be a number from 1 to 65535, not "x".\n'],
    [["--open", "--port", "70000"], '--port must be a number from 1 to 65535, not "70000".\n'],
    [["--port", "4000"], "--port needs --open.\n"],
  ])("refuses %j in a line", async (args, line) => {
    const program = start(["demo", ...args], NO_BROWSER);
    expect(await program.exit).toBe(2);
    expect(program.output()).toBe(line);
  });
});
