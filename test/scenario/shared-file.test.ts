import { describe } from "vitest";
import { JANE, JOHN, openOrdinary, REPO, type Scenario, scenario, until } from "./support.ts";

const SHARED = "kamiyo/.github";
const FILE = ".github/hotfix.yml";
const STRICT = "version: 1\nroles:\n  engineering-manager: { users: [jane-doe] }\n";
const BROKEN = `${STRICT}secret_project_name: 7\n`;

async function push(s: Scenario, text: string, message: string): Promise<void> {
  const git = s.sandbox.git(SHARED);
  await git.commit("main", { message, files: { [FILE]: text } });
  await git.push(JANE, "main");
}

describe("the owner's shared file turns invalid", () => {
  scenario(
    "and its last valid version decides for a day, said in a line without what it holds; then all are blocked, until it is fixed",
    { config: null },
    async (s, expect) => {
      await s.sandbox.createRepository(SHARED, { files: { [FILE]: STRICT } });
      s.sandbox.setPermission(SHARED, JANE, "admin");
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later(60);
      await push(s, BROKEN, "Break it");
      const said = await until("the line", async () => {
        const gate = await s.gate(number);
        return `${gate?.summary}${gate?.text}`.includes("its last valid version holds until") ? gate : null;
      });
      expect(said?.conclusion).toBe("action_required");
      expect(`${said?.summary}${said?.text}`).toContain(`${SHARED}:${FILE}`);
      expect(JSON.stringify(said)).not.toContain("secret_project_name");
      const ordinary = await openOrdinary(s);
      const other = await s.expectGate(ordinary, "skipped");
      expect(`${other.summary}${other.text}`).toContain("its last valid version holds until");
      s.later(25 * 3_600);
      await s.sweep();
      await s.expectGate(number, "failure");
      await push(s, STRICT, "Fix it");
      await s.sandbox.as(JOHN).comment(REPO, number, "/hotfix recheck");
      await s.expectGate(number, "action_required");
    },
  );
});
