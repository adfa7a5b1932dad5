import type { Sandbox } from "../sandbox/index.ts";
import { bypassGate, tellBypasses } from "./chapter-bypass.ts";
import { tellHotfix } from "./chapter-hotfix.ts";
import { tellPostMortem } from "./chapter-post-mortem.ts";
import type { DemoClock } from "./clock.ts";

/**
 * Tells a hotfix from a sloppy pull request to the closed post-mortem, and how others bypass the gate. All
 * that is shown was posted by the app; rejects where a step does not come out as it should.
 */
export async function tellStory(
  sandbox: Sandbox,
  clock: DemoClock,
  sweep: () => Promise<void>,
): Promise<void> {
  const meanwhile = bypassGate(sandbox);
  // It is waited for below; until then a failure is not to end the process.
  meanwhile.catch(() => {});
  const number = await tellHotfix(sandbox, clock);
  await tellPostMortem(sandbox, clock, sweep, number);
  tellBypasses(await meanwhile);
}
