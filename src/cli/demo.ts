import { readFile } from "node:fs/promises";
import pc from "picocolors";
import { parse } from "yaml";
import { setUpKamiyo } from "../demo/kamiyo.ts";
import { startServerProcess } from "../demo/server-process.ts";
import { tellStory } from "../demo/story.ts";
import { say } from "../demo/terminal.ts";
import { startSandbox } from "../sandbox/index.ts";

/**
 * `hotfix-guard demo`: the embedded GitHub and the real server, and a hotfix from first push to post-mortem. Needs no account, network
 * or configuration. Returns the exit status: 0 only if every step came out as it should.
 */
export async function demoCommand(): Promise<number> {
  const started = Date.now();
  const manifest = parse(await readFile(new URL("../../app.yml", import.meta.url), "utf8")) as {
    default_permissions: Record<string, "read" | "write">;
    default_events: string[];
  };
  const sandbox = await startSandbox({
    permissions: manifest.default_permissions,
    events: manifest.default_events,
  });
  try {
    await setUpKamiyo(sandbox);
    const server = await startServerProcess(sandbox);
    try {
      say(
        `${pc.bold("Hotfix Guard, a demo")}: a GitHub on this machine (${sandbox.url}) and the real server (${server.url}).`,
      );
      await tellStory(sandbox);
    } catch (error) {
      say(pc.dim(server.output()));
      throw error;
    } finally {
      await server.stop();
    }
  } catch (error) {
    say(`\n${pc.red("The demo failed:")} ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await sandbox.close();
  }
  say(`\n${pc.green("Every step came out as it should")} (${Math.round((Date.now() - started) / 1000)} s).`);
  say(WHAT_NEXT);
  return 0;
}

const WHAT_NEXT = `
What to try next:
  • Install it on a repository of yours: docs/getting-started.md (npm run setup makes the app on GitHub for you).
  • Write .github/hotfix.yml: docs/configuration.md; start from fixtures/hotfix.yml, and check it with
    node dist/cli/main.js validate fixtures/hotfix.yml
  • Begin with "mode: observe": it shows what it would do and blocks nothing.
  • Read what each rule asks for: docs/rules/.`;
