import { describe } from "vitest";
import { CONFIG } from "../../src/demo/kamiyo.ts";
import { EM, JOHN, REPO, scenario } from "./support.ts";

scenario(
  "without a status comment the check says it all",
  { config: `${CONFIG}communication: { status_comment: false }\n` },
  async (s, expect) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await s.idle();
    expect(await s.sandbox.comments(REPO, number)).toEqual([]);
  },
);

scenario("a label that does not count and cannot be taken off approves nothing", {}, async (s, expect) => {
  const { sandbox } = s;
  const number = await s.openHotfix();
  await s.expectGate(number, "action_required");
  sandbox.knobs.fail({ method: "DELETE", path: /\/labels\// }, { status: 403 });
  s.later();
  await sandbox.as(JOHN).addLabel(REPO, number, EM);
  const gate = await s.expectGate(number, "action_required", /Waiting/);
  await s.idle();
  expect(sandbox.labelsOf(REPO, number)).toContain(EM);
  expect((await s.gate(number))?.conclusion).toBe("action_required");
  expect(gate.conclusion).toBe("action_required");
});

scenario("a hotfix gets the labels that it needs, and no others", {}, async (s, expect) => {
  const { sandbox } = s;
  await sandbox.as(JOHN).deleteLabel(REPO, "rolled-back");
  await sandbox.as(JOHN).deleteLabel(REPO, EM);
  const number = await s.openHotfix();
  await s.expectGate(number, "action_required");
  await s.idle();
  const made = sandbox.labels(REPO).filter(({ name }) => name === "rolled-back" || name === EM);
  expect(made.map(({ name }) => name)).toEqual([EM]);
  for (const { description } of made) expect(description).toBeTruthy();
});

describe("how the repository merges, which reads hide from an app that may only read", () => {
  const NOTE = "hides this repository's merge settings";
  const cases: readonly (readonly [what: string, lost: boolean, refused: boolean, noted: boolean])[] = [
    ["is told by the event", false, true, false],
    ["is asked for where no event tells", true, false, false],
    ["is noted where nothing tells, and keeps the gate from no verdict", true, true, true],
  ];
  for (const [what, lost, refused, noted] of cases)
    scenario(what, {}, async (s, expect) => {
      const { sandbox } = s;
      if (refused) sandbox.knobs.fail({ method: "POST", path: /\/graphql$/ }, { status: 403 });
      if (lost) sandbox.knobs.deliveries.drop = ({ event }) => event === "pull_request" || event === "push";
      const number = await s.openHotfix();
      if (lost) await sandbox.as(JOHN).comment(REPO, number, "/hotfix recheck");
      const gate = await s.expectGate(number, "action_required");
      expect(gate.summary.includes(NOTE)).toBe(noted);
      const asked = sandbox.requests.filter(({ path }) => path.endsWith("/graphql"));
      expect(asked.length).toBe(lost ? 1 : 0);
    });
});
