import { describe, vi } from "vitest";
import { ADMIN, addAdmin } from "./after-landed-support.ts";
import { JOHN, REPO, scenario } from "./support.ts";

/** In a file of its own, since it sets this process's clock. */

describe("the sweep", () => {
  scenario(
    "finds a merge that no event told of although a push after it was told, within 80 minutes",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      sandbox.knobs.fail({ method: "POST", path: /attempts$/ }, { status: 500 });
      await s.sweep();
      addAdmin(s);
      await s.idle();
      const git = sandbox.git(REPO);
      const base = git.head("main") as string;
      sandbox.knobs.deliveries.drop = () => true;
      const number = await s.openHotfix({ branch: "fix/stripe", title: "HOTFIX: Encode the secret" });
      s.later();
      await sandbox.as(ADMIN).merge(REPO, number, "merge", { admin: true });
      await sandbox.settle();
      sandbox.knobs.deliveries.drop = undefined;
      s.later();
      await git.commit("feature/x", { message: "x", files: { "x.txt": "x" }, parents: [base] });
      await git.push(JOHN, "feature/x");
      await s.idle();
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 80 * 60_000 });
      try {
        await s.sweep();
      } finally {
        vi.useRealTimers();
      }
      const titles = (await sandbox.issues(REPO)).map(({ title }) => title);
      expect(titles.filter((title) => title.startsWith("Post-mortem:"))).toHaveLength(1);
    },
  );
});
