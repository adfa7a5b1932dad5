import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { compile } from "../../cli/program.ts";
import { EM, gateOf, JANE, JOHN, REPO, RITA } from "../support.ts";
import { startWorld, until } from "./support.ts";

/** The log of the real program in production, through a life, a fault included: every line is read. */

beforeAll(compile);

const SECRET = /ghs_|eyJ[\w-]{8}|BEGIN [A-Z ]*KEY|x-access-token/;
/** What the process says of itself, of its sweep, or of what is not signed. */
const ABOUT_NOTHING = /^(?:Hotfix Guard listens|SIG|sweep: |the state folder|another instance)/;

it("every line about a job has delivery, installation, repository and number, and none a secret", async () => {
  const world = await startWorld();
  const { sandbox } = world;
  try {
    const app = await world.start({ HOTFIX_STATE_DIR: "off", LOG_LEVEL: "trace" });
    // What the sweep at its start finds no delivery has asked for.
    await pause(3_000);
    const number = await world.openPull("hotfix/stripe", "HOTFIX: Fix Stripe webhook signature verification");
    const gate = async () => (await gateOf(sandbox, REPO, number))?.conclusion;
    await until("the gate", async () => (await gate()) === "action_required");
    // A comment that GitHub does not take is a line with an error.
    const mend = sandbox.knobs.fail({ method: "POST", path: /\/comments$/ }, { status: 502 });
    await sandbox.as(JOHN).comment(REPO, number, "/hotfix help");
    await until("a failed write", () => /not applied/.test(app.program.output()), 60_000);
    mend();
    world.later();
    await sandbox.as(RITA).review(REPO, number, "APPROVED");
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await until("the green", async () => (await gate()) === "success", 60_000);
    await sandbox.as(JOHN).merge(REPO, number);
    await until("the post-mortem", async () =>
      (await sandbox.issues(REPO)).some(({ title }) => title.startsWith("Post-mortem:")),
    );
    expect(await app.end("SIGTERM")).toBe(0);

    const lines = app.program
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(lines.length).toBeGreaterThan(30);
    const all = lines.map((line) => JSON.parse(line) as Record<string, unknown> & { msg: string });
    const about = all.filter(
      ({ name, msg }) => ["worker", "queue"].includes(String(name)) || /applied: /.test(msg),
    );
    expect(about.length).toBeGreaterThan(5);
    for (const line of about) {
      expect(line, line.msg).toMatchObject({ installation: expect.any(Number), repository: REPO });
      // The app looks again by itself for what a second instance may have doubled: that says what was said
      // before.
      const asked = about.find(({ delivery, msg }) => msg === line.msg && delivery !== undefined);
      expect(line.delivery ?? asked?.delivery, line.msg).toMatch(/^[0-9a-f-]{36}$/);
      expect(line.pull_request ?? line.post_mortem, line.msg).toEqual(expect.any(Number));
    }
    const requests = all.filter(({ msg }) => msg.startsWith("GitHub request: ") && msg.includes("/repos/"));
    const ofTheSweep = all.filter(({ msg }) =>
      /^GitHub request: .*\/(?:search\/issues|installation\/repositories|access_tokens)/.test(msg),
    );
    expect(ofTheSweep.length).toBeGreaterThan(2);
    for (const line of [...requests, ...ofTheSweep])
      expect(line, line.msg).toMatchObject({ installation: expect.any(Number) });
    // What GitHub tells of a pull request names it, whatever the event.
    const heard = all.filter(({ msg, event }) => msg === "event received" && event === "issue_comment");
    expect(heard.length).toBeGreaterThan(0);
    for (const line of heard.filter(({ jobs }) => (jobs as readonly string[]).length > 0))
      expect(line).toMatchObject({
        delivery: expect.any(String),
        installation: expect.any(Number),
        repository: REPO,
      });
    expect(heard.map((line) => line.pull_request)).toContain(number);
    const rest = all.filter((line) => line.installation === undefined);
    for (const { msg, level } of rest) if (Number(level) >= 30) expect(msg).toMatch(ABOUT_NOTHING);

    const { webhookSecret, privateKey } = sandbox.app;
    for (const line of lines) {
      expect(line).not.toMatch(SECRET);
      for (const secret of [webhookSecret, privateKey.split("\n")[1] ?? "?"])
        expect(line).not.toContain(secret);
    }
  } finally {
    await world.close();
  }
}, 180_000);
