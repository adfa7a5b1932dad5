import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import {
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  type ScenarioOptions,
  startScenario,
  toGreen,
} from "../support.ts";

/**
 * What takes memory or time from all, and beside each an honest hotfix that must turn green meanwhile (issue
 * 8: 2, 6, 23).
 */

const MB = 1024 * 1024;
/** A process that holds so many connections open. Resolves once all are made, with what ends it. */
async function flood({ url }: Scenario, count: number, kind: string): Promise<() => void> {
  const program = fileURLToPath(new URL("./flood.js", import.meta.url));
  const child = spawn(process.execPath, [program, new URL(url).port, String(count), kind], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return () => void child.kill("SIGKILL");
}

/** Milliseconds until /healthz answers, on a connection of its own. */
async function health({ url }: Scenario): Promise<number> {
  const start = performance.now();
  const answer = await fetch(`${url}/healthz`, { headers: { connection: "close" } });
  await answer.text();
  if (answer.status !== 200) throw new Error(`/healthz answered ${answer.status}`);
  return performance.now() - start;
}

/** What bodies are kept in. */
const heldMb = (): number => process.memoryUsage().arrayBuffers / MB;

/** Signed as GitHub signs; the status of the answer. */
async function deliver({ url, sandbox }: Scenario, event: string, payload: object): Promise<number> {
  const body = JSON.stringify(payload);
  const signature = createHmac("sha256", sandbox.app.webhookSecret).update(body).digest("hex");
  const answer = await fetch(`${url}/api/github/webhooks`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${signature}`,
    },
  });
  return answer.status;
}

const SECOND = 1_000;
/** A gigabyte comes in on a machine with other work to do; under attack it was half a minute. */
const SOON = 10 * SECOND;

/** One after the other: time and memory of the process are what is measured. */
function alone(name: string, options: ScenarioOptions, body: (s: Scenario) => Promise<void>): void {
  it(name, { timeout: 120 * SECOND }, async () => {
    const s = await startScenario(options);
    try {
      await body(s);
    } finally {
      await s.close();
    }
  });
}

for (const [what, count, kind] of [
  ["1,200 bodies of 900 kB without their last byte", 1_200, "bodies"],
  ["1,200 of them in chunks", 1_200, "chunked"],
  ["20 bodies of 25 MB without their last one", 20, "large"],
  ["1,200 heads without an end", 1_200, "heads"],
  ["1,200 connections that send nothing", 1_200, "silent"],
] as const) {
  alone(`${what}: memory stays, and a hotfix turns green meanwhile`, {}, async (s) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    const before = heldMb();
    const end = await flood(s, count, kind);
    try {
      expect(await health(s)).toBeLessThan(SOON);
      await toGreen(s, number);
      expect(heldMb() - before).toBeLessThan(200);
    } finally {
      end();
    }
  });
}

alone("signed pushes of 20 MB hold up nobody", {}, async (s) => {
  const number = await s.openHotfix();
  await s.expectGate(number, "action_required");
  const repository = await s.sandbox.as(RITA).request("GET", `/repos/${REPO}`);
  const commits = Array.from({ length: 2_048 }, (_, i) => ({
    id: String(i).padStart(40, "a"),
    message: "x".repeat(10_000),
    added: [],
    modified: [],
    removed: [],
  }));
  const push = { ref: "refs/heads/x", before: "b".repeat(40), after: "c".repeat(40), commits };
  const payload = { ...push, repository, installation: { id: 1 }, sender: { type: "User" } };
  const deliveries = Array.from({ length: 4 }, () => deliver(s, "push", payload));
  const slowest = Math.max(...(await Promise.all(Array.from({ length: 20 }, () => health(s)))));
  expect(slowest).toBeLessThan(SOON);
  expect(await Promise.all(deliveries)).toEqual([200, 200, 200, 200]);
  await toGreen(s, number);
});

alone(
  "globs and patterns that take long on names that fit them: refused, and the process goes on",
  {
    config: `version: 1\nroles:\n  engineering-manager: { teams: [engineering-managers] }\ncomponents:\n  a:\n${Array.from(
      { length: 90 },
      (_, i) => `    - '*a${"?".repeat(100)}b*${"?".repeat(100)}${i}'\n`,
    ).join("")}`,
  },
  async (s) => {
    const files = Object.fromEntries(
      Array.from({ length: 150 }, (_, i) => [`${"a".repeat(240)}${i}`, "x = 1\n"]),
    );
    const number = await s.openHotfix({ files });
    const times: number[] = [];
    for (let i = 0; i < 30; i++) {
      times.push(await health(s));
      await pause(30);
    }
    expect(Math.max(...times)).toBeLessThan(SOON);
    await s.expectGate(number, "failure");
    await s.expectGate(await openOrdinary(s), "skipped");
  },
);

alone("comments of nested Markdown, and titles that go on for ever, hold up nobody", {}, async (s) => {
  const { sandbox } = s;
  const number = await s.openHotfix();
  await s.expectGate(number, "action_required");
  const evil = [
    ">".repeat(60_000),
    "[".repeat(60_000),
    "*".repeat(60_000),
    "- ".repeat(30_000),
    `${"|a".repeat(200)}\n${"|-".repeat(200)}\n`.repeat(60),
  ];
  for (const text of evil)
    await sandbox
      .as(RITA)
      .comment(REPO, number, `/hotfix override scope ${text}\n\n${text}`.slice(0, 65_000));
  await s.openHotfix({
    branch: "hotfix/long",
    message: `HOTFIX: ${"a ".repeat(30_000)}`,
    title: `HOTFIX: ${"a ".repeat(120)}`,
  });
  expect(await health(s)).toBeLessThan(SOON);
  await toGreen(s, number);
});
