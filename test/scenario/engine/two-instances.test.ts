import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeAll, expect, it } from "vitest";
import { compile } from "../../cli/program.ts";
import { EM, gateOf, JANE, JOHN, REPO, RITA } from "../support.ts";
import { type Process, startWorld, until, type World } from "./support.ts";

/**
 * Issue 11: two instances by mistake, without Redis, on machines of their own (no common state folder). What
 * they double is taken away by themselves, and both say that they are two.
 */

beforeAll(compile);

const HOTFIX = "HOTFIX: Fix Stripe webhook signature verification";
const ALONE = { HOTFIX_STATE_DIR: "off" };
const closing: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Every delivery to all of them at the same time, as a relay that several developers listen to does it. */
async function relay({ sandbox }: World, to: readonly Process[]): Promise<void> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      for (const { url } of to) {
        const headers = incoming.headers;
        const call = httpRequest(`${url}${incoming.url}`, { method: "POST", headers, agent: false });
        call.on("response", (answer) => answer.resume()).on("error", () => undefined);
        call.end(Buffer.concat(chunks));
      }
      response.writeHead(200).end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => void server.close());
  sandbox.setWebhookUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`);
}

async function started(): Promise<World> {
  const world = await startWorld();
  closing.push(() => world.close());
  return world;
}

const gate = async ({ sandbox }: World, number: number) => (await gateOf(sandbox, REPO, number))?.conclusion;
const ready = async ({ url }: Process) =>
  (await (await fetch(`${url}/readyz`)).json()) as { status: string; warning?: string };
const postMortems = async ({ sandbox }: World) =>
  (await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem:"));

/** The app's markers in the comments there, each as often as it is there. */
async function markers({ sandbox }: World, number: number): Promise<readonly string[]> {
  const comments = await sandbox.comments(REPO, number);
  return comments.flatMap(({ body }) => body?.match(/<!-- hotfix-guard:[^>]* -->/g) ?? []);
}
const doubled = (all: readonly string[]) => all.filter((one, i) => all.indexOf(one) !== i);

it("whose events reach both: what is doubled is taken away, and both say loudly that they are two", async () => {
  const world = await started();
  const { sandbox } = world;
  // Lists that are some seconds old, so that neither sees what the other has just written.
  sandbox.knobs.staleReads(4_000);
  const both = await Promise.all([world.start(ALONE), world.start(ALONE)]);
  await relay(world, both);
  // What is written in the first seconds might be of an instance that has just ended.
  await pause(6_000);
  const number = await world.openPull("hotfix/stripe", HOTFIX);
  await until("the gate", async () => (await gate(world, number)) === "action_required");
  await until("the status comment", async () => {
    return (await markers(world, number)).length > 0;
  });
  world.later();
  await sandbox.as(RITA).review(REPO, number, "APPROVED");
  await sandbox.as(JANE).addLabel(REPO, number, EM);
  await until("the green", async () => (await gate(world, number)) === "success", 60_000);
  await sandbox.as(JOHN).merge(REPO, number);
  await until("the post-mortem", async () => (await postMortems(world)).length > 0, 60_000);
  await pause(5_000);
  sandbox.knobs.staleReads(0);
  for (const one of both)
    await until(
      "it says so",
      async () => /another instance.*REDIS_URL/.test((await ready(one)).warning ?? ""),
      60_000,
    );
  await until(
    "nothing is doubled",
    async () => {
      const open = (await postMortems(world)).filter(({ state }) => state === "open");
      return open.length === 1 && doubled(await markers(world, number)).length === 0;
    },
    90_000,
  );
  const all = await postMortems(world);
  for (const { number: later } of all.slice(1))
    expect(
      (await markers(world, later)).some((marker) => marker.includes(`duplicate #${all[0]?.number}`)),
    ).toBe(true);
  // Else this would show nothing.
  const deleted = sandbox.requests.filter(({ method, path }) => method === "DELETE" && /comments/.test(path));
  expect(deleted.length + all.length - 1).toBeGreaterThan(0);
  for (const { program } of both) expect(program.output()).toMatch(/"level":50.*another instance works/);
  expect((await ready(both[0] as Process)).status).toBe("ready");
}, 300_000);

it("one that follows another is alone, whatever the one before has written", async () => {
  const world = await started();
  const first = await world.start(ALONE);
  const number = await world.openPull("hotfix/stripe", HOTFIX);
  await until("the status comment", async () => (await markers(world, number)).length > 0);
  await first.end("SIGTERM");
  const second = await world.start(ALONE);
  await world.sandbox.as(JANE).addLabel(REPO, number, EM);
  await until("the green", async () => (await gate(world, number)) === "action_required");
  await until(
    "an approval counts",
    async () => /review/i.test((await gateOf(world.sandbox, REPO, number))?.title ?? ""),
    60_000,
  );
  expect((await ready(second)).warning).toBeUndefined();
  expect(second.program.output()).not.toMatch(/another instance/);
}, 180_000);
