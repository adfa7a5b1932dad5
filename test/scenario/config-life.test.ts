import { describe } from "vitest";
import { configure, JANE, JOHN, openOrdinary, REPO, RITA, scenario, toGreen, until } from "./support.ts";

/** Design, section 3: which configuration decides, and what a broken one does. */

const FILE = ".github/hotfix.yml";
const VALID = "version: 1\nroles:\n  engineering-manager: { teams: [engineering-managers] }\n";

describe("the configuration", () => {
  scenario(
    "no file: the defaults hold, and an administrator may approve",
    { config: null },
    async (s, expect) => {
      const { sandbox } = s;
      sandbox.setPermission(REPO, RITA, "admin");
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.idle();
      const gate = await s.expectGate(number, "action_required");
      expect(gate.title).toContain("engineering-manager");
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
    },
  );

  scenario("none of its own: the owner's holds", { config: null }, async (s) => {
    await s.sandbox.createRepository("kamiyo/.github", { files: { [FILE]: VALID } });
    await toGreen(s, await s.openHotfix());
  });

  scenario(
    "extends another file, and its own values win",
    { config: "version: 1\nextends: policies:base.yml\nrules: { scope: off }\n" },
    async (s) => {
      await s.sandbox.createRepository("kamiyo/policies", {
        files: { "base.yml": `${VALID}rules: { scope: error, linked-issue: off }\n` },
      });
      await toGreen(s, await s.openHotfix());
    },
  );

  scenario(
    "extends what is not there: blocked, and said where",
    { config: "version: 1\nextends: nowhere\n" },
    async (s, expect) => {
      const gate = await s.expectGate(await s.openHotfix(), "failure");
      expect(`${gate.summary}${gate.text}`).toContain("kamiyo/nowhere");
    },
  );

  scenario(
    "invalid: blocked with file, line and column; the pull request that fixes it passes",
    { config: "version: 1\nmoed: observe\n" },
    async (s, expect) => {
      const number = await s.openHotfix();
      const gate = await s.expectGate(number, "failure");
      expect(`${gate.summary}${gate.text}`).toMatch(/hotfix\.yml:2:1/);
      expect(`${gate.summary}${gate.text}`).toContain("mode");
      const unrelated = await openOrdinary(s);
      await s.expectGate(unrelated, "failure");
      const fixing = await openOrdinary(s, { branch: "fix", files: { [FILE]: VALID } });
      await s.expectGate(fixing, "skipped");
      await s.sandbox.as(JOHN).merge(REPO, fixing);
      await s.expectGate(number, "action_required");
      await s.expectGate(unrelated, "skipped");
    },
  );

  scenario(
    "a pull request that breaks the file is told so, while the old file decides",
    {},
    async (s, expect) => {
      const number = await openOrdinary(s, {
        branch: "break",
        files: { [FILE]: "version: 1\nmoed: observe\n" },
      });
      const gate = await s.expectGate(number, "skipped");
      expect(`${gate.title}${gate.summary}${gate.text}`).toContain("moed");
      await toGreen(s, await s.openHotfix());
    },
  );

  scenario(
    "could not be read: not the defaults",
    { config: null, retryTimes: { quiet: 1_000, giveUp: 3_000 } },
    async (s, expect) => {
      const { sandbox } = s;
      sandbox.setPermission(REPO, JANE, "admin");
      const fix = sandbox.knobs.fail(
        { path: /\/contents\// },
        { status: 403, body: { message: "Forbidden" } },
      );
      const number = await s.openHotfix();
      s.later();
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      const gate = await s.expectGate(number, "failure");
      expect(gate.summary).toContain("the configuration");
      fix();
      await sandbox.as(JANE).comment(REPO, number, "/hotfix recheck");
      await s.expectGate(number, "success");
    },
  );

  scenario("a change on the default branch has open hotfixes looked at again", {}, async (s) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await configure(s, `${VALID}mode: observe\n`);
    await s.expectGate(number, "neutral");
  });

  const bomb = `version: 1\na: &a [x, x, x, x, x, x, x, x, x]\n${"bcdefghij"
    .split("")
    .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[i]}`).join(", ")}]\n`)
    .join("")}`;
  const broken: readonly (readonly [string, string | Buffer])[] = [
    ["not UTF-8", Buffer.from([0x76, 0x3a, 0x20, 0xff, 0xfe, 0x0a])],
    ["more than 1 MB", `version: 1\n${"# long\n".repeat(180_000)}`],
    ["a bomb of aliases", bomb],
    ["no YAML", "version: [1\n"],
  ];
  for (const [name, text] of broken) {
    scenario(`${name}: blocked, and the server lives`, {}, async (s, expect) => {
      await configure(s, text);
      const gate = await s.expectGate(await s.openHotfix(), "failure");
      expect(`${gate.title}${gate.summary}`).toMatch(/configuration/i);
      expect((await fetch(`${s.url}/healthz`)).status).toBe(200);
      await configure(s, VALID);
      await until("the gate asks for approval", async () => {
        const runs = await s.sandbox.checkRuns(
          REPO,
          s.sandbox.git(REPO).head("hotfix/stripe-webhook-verification") ?? "",
        );
        return runs.at(-1)?.conclusion === "action_required" ? true : null;
      });
    });
  }
});
