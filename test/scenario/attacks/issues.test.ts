import { describe } from "vitest";
import { DEPLOYMENT_MESSAGE, JANE, REPO, RITA, type Scenario, scenario, toGreen, until } from "../support.ts";

/**
 * An issue in a repository that fewer people see, named in `Fixes`, and beside it what everybody sees (issue
 * 8: 9).
 */

const MALLORY = "mallory";
const TITLE = "Acquisition of Initech is cancelled";
const SECRET = /Initech|Acquisition/;

/** Another repository with one open and one closed issue; returns their numbers. */
async function elsewhere(
  { sandbox }: Scenario,
  name: string,
  isPrivate: boolean,
): Promise<readonly [open: number, closed: number]> {
  await sandbox.createRepository(name, { private: isPrivate });
  sandbox.setPermission(name, RITA, "admin");
  const open = await sandbox.as(RITA).createIssue(name, { title: TITLE });
  const closed = await sandbox.as(RITA).createIssue(name, { title: TITLE });
  await sandbox.as(RITA).closeIssue(name, closed.number);
  return [open.number, closed.number];
}

const naming = (reference: string) => DEPLOYMENT_MESSAGE.replace(/^Fixes: .*$/m, `Fixes: ${reference}`);

/** All that the app wrote on the pull request, and its check. */
async function everything(s: Scenario, number: number): Promise<string> {
  const gate = await s.gate(number);
  const comments = await s.sandbox.comments(REPO, number);
  return [gate?.title, gate?.summary, gate?.text, ...comments.map(({ body }) => body)].join("\n");
}

async function fromFork(s: Scenario, message: string, branch: string): Promise<number> {
  const { sandbox } = s;
  const fork = await sandbox.createFork(REPO, MALLORY).catch(() => `${MALLORY}/api`);
  const git = sandbox.git(fork);
  const author = sandbox.person(MALLORY);
  const files = { "src/payments/stripe.py": "# HOTFIX: Issue #1234\n" };
  const parents = [sandbox.git(REPO).head("main") as string];
  await git.commit(branch, { message, files, author, committer: author, parents });
  await git.push(MALLORY, branch);
  return (
    await sandbox.as(MALLORY).openPullRequest(REPO, { head: `${MALLORY}:${branch}`, title: "HOTFIX: x" })
  ).number;
}

describe.concurrent("an issue of a private repository", () => {
  scenario(
    "named by an outsider: there or not, open or closed, nothing tells them apart",
    {},
    async (s, expect) => {
      s.sandbox.createUser(MALLORY);
      const [open, closed] = await elsewhere(s, "kamiyo/vault", true);
      const said: string[] = [];
      for (const [i, reference] of [
        `kamiyo/vault#${open}`,
        `kamiyo/vault#${closed}`,
        "kamiyo/vault#999",
        "kamiyo/nowhere#1",
      ].entries()) {
        const number = await fromFork(s, naming(reference), `hotfix/ask-${i}`);
        const text = await everything(s, number);
        expect(text).not.toMatch(SECRET);
        const row = text.split("\n").find((line) => /linked-issue/.test(line)) ?? "";
        said.push(row.replaceAll(reference, "X"));
      }
      expect(new Set(said).size).toBe(1);
    },
  );

  scenario("named by a writer: its title is in no check, comment or post-mortem", {}, async (s, expect) => {
    const [open] = await elsewhere(s, "kamiyo/vault", true);
    const number = await s.openHotfix({ message: naming(`kamiyo/vault#${open}`) });
    await toGreen(s, number);
    expect(await everything(s, number)).not.toMatch(SECRET);
    await s.sandbox.as(JANE).merge(REPO, number);
    const postMortem = await until("a post-mortem", async () => {
      const all = await s.sandbox.issues(REPO);
      return all.find(({ title }) => title.startsWith("Post-mortem:")) ?? null;
    });
    await s.idle();
    expect((await s.sandbox.issue(REPO, postMortem.number)).body).not.toMatch(SECRET);
    expect(await everything(s, number)).not.toMatch(SECRET);
  });

  scenario(
    "honest twin: of a repository that everybody sees, a missing issue is told, and one that is there passes",
    {},
    async (s, expect) => {
      const [open] = await elsewhere(s, "kamiyo/web", false);
      const missing = await s.openHotfix({ branch: "hotfix/missing", message: naming("kamiyo/web#999") });
      const gate = await s.expectGate(missing, "failure");
      expect(gate.summary).toMatch(/kamiyo\/web#999/);
      const number = await s.openHotfix({ message: naming(`kamiyo/web#${open}`) });
      await toGreen(s, number);
    },
  );
});
