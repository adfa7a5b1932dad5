import { setTimeout as pause } from "node:timers/promises";
import { setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import type { Exchange, Sandbox } from "../../../src/sandbox/index.ts";
import { type Fault, failing } from "./faults.ts";
import { type Running, startApp, startStill, type Through } from "./in-process.ts";
import { tell } from "./progress.ts";
import { essenceOf, STORIES } from "./stories.ts";

/** A story that is lived with a fault in it, up to the act that meets it. */

const TIMES = { quiet: 300, giveUp: 1_200 };
/** Longer than anything is tried that is given up. */
const LONGEST_MS = 8_000;
const HOUR = 3_601;

export interface Case {
  /** Of `STORIES`. */
  readonly story: number;
  /** One that uses the endpoint; they take turns. */
  readonly act: number;
  readonly endpoint: string;
  readonly fault: Fault;
}

export interface Life {
  /** What the app asked in each act. */
  readonly asked: readonly (readonly string[])[];
  /** What people saw after each. */
  readonly seen: readonly object[];
  /** The commits on which a gate passed up to the end of each act. */
  readonly passed: readonly ReadonlySet<string>[];
  /** Those on which one passed that the model's did not, by then. */
  readonly wrongPasses: readonly string[];
  /** It took the hourly look to recover. */
  readonly late: boolean;
}

/** From its beginning to its end; with a fault no further than the act that meets it. */
export async function live(
  env: Readonly<Record<string, string>>,
  number: number,
  one: Case | null,
  model?: Life,
): Promise<Life> {
  const story = STORIES[number];
  if (story === undefined) throw new Error("no such story");
  const { sandbox, later } = await startStill(story.options);
  let isOn = false;
  let late = false;
  let app: Running | null = null;
  const lines: string[] = [];
  const fault = one === null ? null : failing(one.endpoint, one.fault, () => isOn);
  const through: Through = (ask, send) => {
    lines.push(`${ask.method} ${ask.path}`);
    return fault === null ? send() : fault(ask, send);
  };
  // What a limit holds back is tried every minute.
  const start = () => startApp(sandbox, { env, quietMs: 200_000, retryTimes: TIMES, through });
  let wasDown = false;
  const restart = async (whileDown: () => Promise<void>) => {
    wasDown = true;
    await app?.stop();
    // Nobody is there: refused.
    sandbox.setWebhookUrl("http://127.0.0.1:9/");
    await whileDown();
    await sandbox.settle();
    const missed = sandbox.deliveries.length;
    app = await start();
    // What was missed is asked for again, beside the sweep; where that is what fails, in vain.
    const isAsked = () => sandbox.deliveries.slice(missed).some(({ redelivery }) => redelivery);
    for (let i = 0; i < 100 && !isAsked(); i++) await pause(50);
  };
  try {
    await setUpKamiyo(sandbox, story.config);
    await story.prepare?.(sandbox);
    app = await start();
    await app.quiet();
    const passing = new Set<string>();
    sandbox.onExchange = (exchange) => {
      const sha = passedIn(exchange);
      if (sha !== null) passing.add(sha);
    };
    const asked: (readonly string[])[] = [];
    const seen: object[] = [];
    const passed: ReadonlySet<string>[] = [];
    const last = one?.act ?? story.acts.length - 1;
    for (const [i, { act }] of story.acts.slice(0, last + 1).entries()) {
      later();
      lines.length = 0;
      const delivered = sandbox.deliveries.length;
      isOn = one?.act === i;
      await act({ sandbox, restart });
      // What a limit holds back is never given up: it is still being tried when the fault goes.
      if (isOn) await Promise.race([app.quiet().catch(() => {}), pause(LONGEST_MS)]);
      else await app.quiet();
      if (!wasDown) await unanswered(sandbox, delivered);
      if (!isOn) await app.quiet();
      asked.push([...lines]);
      if (isOn) {
        isOn = false;
        await app.server.sweep();
        await app.quiet();
        // As the sweep does some minutes later (`test/sweep/sweep.test.ts`).
        for (const { job } of await app.server.queue.givenUp()) await app.server.queue.add(job);
        await app.quiet();
        late = !isSame(await essenceOf(sandbox), model?.seen[i]);
        if (late) {
          // What GitHub denied is believed for an hour.
          later(HOUR);
          await app.server.sweep();
          await app.quiet();
        }
      }
      if ((await fetch(`${app.server.url}/healthz`)).status !== 200) throw new Error("it does not answer");
      seen.push(await essenceOf(sandbox));
      passed.push(new Set(passing));
    }
    const earned = model?.passed[last];
    const wrongPasses = earned === undefined ? [] : [...passing].filter((sha) => !earned.has(sha));
    return { asked, seen, passed, wrongPasses, late };
  } finally {
    await app?.stop();
    await sandbox.close();
  }
}

/**
 * What a machine that stands still, or has too much to do, did not take: the app asks for it again within
 * five minutes.
 */
async function unanswered(sandbox: Sandbox, from: number): Promise<void> {
  for (const { guid, event, statusCode = 0 } of sandbox.deliveries.slice(from)) {
    if (statusCode >= 200 && statusCode < 300) continue;
    tell(`${event} was answered ${statusCode}`);
    await sandbox.redeliver(guid);
  }
}

/** The commit on which the app has just let a check pass. */
function passedIn({ method, path, requestBody, responseBody }: Exchange): string | null {
  if (method === "GET" || !path.includes("/check-runs") || !requestBody.includes('"success"')) return null;
  const { name, head_sha } = JSON.parse(responseBody) as { name?: string; head_sha?: string };
  return name === "hotfix-gate" ? (head_sha ?? null) : null;
}

export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
