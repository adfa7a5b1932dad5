import { constants } from "node:os";
import pc from "picocolors";
import { createClock } from "../demo/clock.ts";
import { setUpHotaru } from "../demo/hotaru.ts";
import { JANE, JOHN, RITA, setUpKamiyo } from "../demo/kamiyo.ts";
import { runSweep, startServerProcess } from "../demo/server-process.ts";
import { tellStory } from "../demo/story.ts";
import { say } from "../demo/terminal.ts";
import { startSandbox } from "../sandbox/index.ts";
import { readManifest } from "./manifest.ts";

/**
 * `hotfix-guard demo`: the embedded GitHub and the real server, and a hotfix from first push to post-mortem.
 * Needs no account, network or configuration. Returns the exit status: 0 only if every step came out as it
 * should.
 */
export async function demoCommand(): Promise<number> {
  const started = Date.now();
  // As it exits, the server and the sandbox's folder go with it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  const clock = createClock();
  const sandbox = await startSandbox({ ...(await readManifest()), clock: clock.now });
  try {
    await setUpKamiyo(sandbox);
    await setUpHotaru(sandbox);
    // The story says when it looks again.
    const server = await startServerProcess(sandbox, { HOTFIX_SWEEP_INTERVAL: "off" });
    try {
      say(`${pc.bold("Hotfix Guard, a demo")}\n\n${opening(sandbox.url, server.url)}`);
      await tellStory(sandbox, clock, () => runSweep(sandbox));
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

function opening(github: string, server: string): string {
  return `A GitHub on this machine (${github}), and the real server
(${server}) in front of it. Everything shown below was posted by the server.
It keeps to GitHub's limits (a write a second, a comment in three), so some steps take a
moment: all of it takes about 40 seconds.

  John  a developer             ${JOHN}
  Rita  another engineer        ${RITA}
  Jane  the engineering manager ${JANE}

On the branch main the check hotfix-gate is required. A hotfix of severity P1 needs an approval
by the engineering manager or the CTO, and a review by another engineer.`;
}

const WHAT_NEXT = `
What to try next:
  • Install it on a repository of yours: docs/getting-started.md (npm run setup creates the app on GitHub for you).
  • Write .github/hotfix.yml: docs/configuration.md; start from fixtures/hotfix.yml, and check it with
    node dist/cli/main.js validate fixtures/hotfix.yml
  • Start with "mode: observe": it shows what it would do and blocks nothing.
  • Read what each rule asks for: docs/rules/; and what happens after the merge: docs/post-mortem.md.`;
