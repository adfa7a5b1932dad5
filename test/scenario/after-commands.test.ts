import { describe } from "vitest";
import { bodyWith, merged, said } from "./after-life-support.ts";
import { JANE, JOHN, REPO, RITA, scenario } from "./support.ts";

const OLAF = "olaf-outside";
const ROLES = "version: 1\nroles:\n  engineering-manager: { users: [jane-doe] }\n";

describe.concurrent("commands after the merge", () => {
  scenario(
    "anybody gets the commands for a rollback; only who may write calls the manager, and is on record",
    { config: ROLES },
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      const { sandbox } = s;
      sandbox.createUser(OLAF);
      await sandbox.as(OLAF).comment(REPO, pull, "/hotfix rollback");
      const commands = await said(s, pull, "git revert --no-edit -m 1");
      expect(commands).not.toContain("@jane-doe");
      await sandbox.as(OLAF).comment(REPO, pull, "/hotfix verified");
      await said(s, pull, "Not recorded as verified: only people with write access");
      await s.idle();
      const { body } = await sandbox.issue(REPO, issue);
      expect(body).not.toContain("Rollback requested");
      expect(body).toContain('"resolved_at": null');
      await sandbox.as(RITA).comment(REPO, issue, "/hotfix rollback");
      expect(await said(s, issue, "git revert --no-edit -m 1")).toContain(
        "@jane-doe a rollback was requested",
      );
      await bodyWith(s, issue, "| Rollback requested | `rita-lopez` |");
    },
  );

  scenario("on a post-mortem they are explained in its own terms", { config: ROLES }, async (s, expect) => {
    const { pull, issue } = await merged(s);
    const { sandbox } = s;
    await sandbox.as(JANE).comment(REPO, issue, "/hotfix override post-mortem");
    expect(await said(s, issue, "gives no reason")).toContain("`/hotfix override post-mortem <reason>`");
    await sandbox.as(JOHN).comment(REPO, issue, "/hotfix help");
    await said(s, issue, "closes it unfinished (logged)");
    await sandbox.as(JANE).comment(REPO, issue, "/hotfix override scope it was needed");
    await said(s, issue, "it is already merged");
    await sandbox.as(JANE).comment(REPO, pull, "/hotfix override post-mortem the same as last week");
    await said(s, pull, `write it in the post-mortem, [#${issue}]`);
    expect((await sandbox.issue(REPO, issue)).state).toBe("open");
  });
});
