import { CONFIG } from "../../../src/demo/kamiyo.ts";
import { OPTIONAL_PERMISSIONS } from "../../../src/github/api/client.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/index.ts";
import { OPTIONAL_EVENTS } from "../../../src/webhooks/events.ts";
import { filledIn } from "../after-life-support.ts";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  MANIFEST,
  REPO,
  RITA,
  STRIPE,
  STRIPE_FIXED,
  UNRELATED,
} from "../support.ts";
import { ACTS, PULL, postMortems } from "./life.ts";

/**
 * What people live through with the app: the ordinary life of a hotfix, and what happens seldom. Together
 * they use each route that the app has (`fault-matrix.test.ts` holds that).
 */

/** What an act may do. */
export interface World {
  readonly sandbox: Sandbox;
  /** Ends the app as SIGTERM does, and starts another one. */
  restart(whileDown: () => Promise<void>): Promise<void>;
}

export interface Story {
  readonly name: string;
  /** The file in the repository; absent: Kamiyo's own. */
  readonly config?: string | null;
  readonly options?: Partial<SandboxOptions>;
  prepare?(sandbox: Sandbox): Promise<void>;
  readonly acts: readonly { readonly name: string; act(world: World): Promise<unknown> }[];
}

const act = (name: string, does: (sandbox: Sandbox) => Promise<unknown>) => ({
  name,
  act: ({ sandbox }: World) => does(sandbox),
});

interface Pushed {
  readonly branch: string;
  readonly message: string;
  readonly files: Readonly<Record<string, string | null>>;
  readonly login: string;
  readonly onto: string;
}

/** A commit of John's, on top of a branch or of its own branch's base. */
async function push(sandbox: Sandbox, more: Partial<Pushed> = {}): Promise<string> {
  const { branch = BRANCH, message = DEPLOYMENT_MESSAGE, files = { [STRIPE]: STRIPE_FIXED } } = more;
  const { login = JOHN, onto = "main" } = more;
  const git = sandbox.git(REPO);
  const author = sandbox.person(JOHN);
  const parents = [git.head(onto) as string];
  const sha = await git.commit(branch, { message, files, author, committer: author, parents });
  return git.push(login, branch, sha, { force: git.head(branch) !== undefined && onto !== branch });
}

const open = (sandbox: Sandbox) =>
  sandbox.as(JOHN).openPullRequest(REPO, {
    head: BRANCH,
    title: "HOTFIX: Fix Stripe webhook signature verification",
    body: "- [x] Tested",
  });

const opened = act("opened", async (sandbox) => {
  await push(sandbox);
  await open(sandbox);
});
const approved = act("approved", (sandbox) => sandbox.as(JANE).review(REPO, PULL, "APPROVED"));
const merged = act("merged", (sandbox) => sandbox.as(JOHN).merge(REPO, PULL));

async function administered(sandbox: Sandbox): Promise<void> {
  sandbox.createUser(ADA, { name: "Ada Admin" });
  sandbox.setPermission(REPO, ADA, "admin");
}
const ADA = "ada-admin";

const LIFE: Story = {
  name: "an ordinary life",
  acts: ACTS.map(({ name, act: does }) => act(name, does)),
};

const ARGUED: Story = {
  name: "argued about",
  async prepare(sandbox) {
    const git = sandbox.git(REPO);
    await git.push(JOHN, "develop", git.head("main"));
    await push(sandbox, { branch: "develop", onto: "develop", message: "Another colour", files: UNRELATED });
  },
  acts: [
    act("opened with another branch's work", async (sandbox) => {
      await push(sandbox, { onto: "develop" });
      await open(sandbox);
    }),
    act("labeled P2", (sandbox) => sandbox.as(RITA).addLabel(REPO, PULL, "severity:P2")),
    act("fixed", async (sandbox) => {
      await sandbox.as(RITA).removeLabel(REPO, PULL, "severity:P2");
      await push(sandbox, { message: DEPLOYMENT_MESSAGE.replace("pending", "Jane Doe") });
    }),
    act("labeled by somebody else", (sandbox) => sandbox.as(RITA).addLabel(REPO, PULL, EM)),
    act("said twice by two instances", async (sandbox) => {
      const own = (await sandbox.comments(REPO, PULL)).find(({ user }) => user?.type === "Bot");
      if (own === undefined) throw new Error("the app has said nothing");
      await sandbox.asApp().request("POST", `/repos/${REPO}/issues/${PULL}/comments`, { body: own.body });
      await sandbox.as(JANE).comment(REPO, PULL, "/hotfix recheck");
    }),
    act("approved", (sandbox) => sandbox.as(JANE).review(REPO, PULL, "APPROVED")),
    act("asked for help", (sandbox) => sandbox.as(JANE).comment(REPO, PULL, "/hotfix help")),
    act("merged by squash", (sandbox) => sandbox.as(JOHN).merge(REPO, PULL, "squash")),
  ],
};

const UNCONFIGURED: Story = {
  name: "without configuration or labels",
  config: null,
  // Nobody is asked for it; with it the app sees who may bypass a ruleset.
  options: { permissions: { ...MANIFEST.default_permissions, administration: "write" } },
  async prepare(sandbox) {
    await administered(sandbox);
    for (const { name } of sandbox.labels(REPO)) await sandbox.as(RITA).deleteLabel(REPO, name);
  },
  acts: [
    act("opened", async (sandbox) => {
      await push(sandbox, { message: DEPLOYMENT_MESSAGE.replace("P1", "P0") });
      await open(sandbox);
    }),
    act("approved", (sandbox) => sandbox.as(ADA).review(REPO, PULL, "APPROVED")),
    act("run again", async (sandbox) => {
      const [run] = await sandbox.checkRuns(REPO, (await sandbox.pullRequest(REPO, PULL)).head.sha);
      await sandbox.as(JOHN).requestRerun(REPO, run?.id ?? 0);
    }),
    act("closed", (sandbox) => sandbox.as(JOHN).editPullRequest(REPO, PULL, { state: "closed" })),
  ],
};

const QUEUED: Story = {
  name: "through the merge queue",
  async prepare(sandbox) {
    const requiredChecks = [{ context: "hotfix-gate", appId: sandbox.app.id }, { context: "build" }];
    sandbox.protect(REPO, "main", { requiredChecks, mergeQueue: true });
  },
  acts: [
    act("pushed without a pull request", (sandbox) => push(sandbox)),
    act("opened", open),
    approved,
    act("queued", (sandbox) => sandbox.enqueue(REPO, [PULL], JOHN)),
    act("objected to", (sandbox) => sandbox.as(RITA).review(REPO, PULL, "CHANGES_REQUESTED")),
  ],
};

const PUSHED: Story = {
  name: "pushed directly",
  config: `${CONFIG}branches: { back_merge: [develop] }\n`,
  async prepare(sandbox) {
    await administered(sandbox);
    sandbox.protect(REPO, "main", null);
    const git = sandbox.git(REPO);
    await git.push(JOHN, "develop", git.head("main"));
    await push(sandbox, { branch: "develop", onto: "develop", message: "A colour", files: UNRELATED });
  },
  acts: [
    act("pushed", (sandbox) => push(sandbox, { branch: "main", login: ADA })),
    act("picked for another branch", (sandbox) => push(sandbox, { branch: "develop", onto: "develop" })),
    act("reverted", async (sandbox) => {
      const git = sandbox.git(REPO);
      await git.revert("main", git.head("main") as string, { author: sandbox.person(JOHN) });
      await git.push(ADA, "main");
    }),
  ],
};

/** The workflow run that waits, of this sandbox. */
const runs = new WeakMap<Sandbox, number>();

const DEPLOYED: Story = {
  name: "deployed by a workflow",
  config: `${CONFIG}environments: [production]\npost_mortem: { action_items: { as_issues: true } }\n`,
  options: {
    permissions: { ...MANIFEST.default_permissions, ...OPTIONAL_PERMISSIONS, deployments: "write" },
    events: [...MANIFEST.default_events, ...OPTIONAL_EVENTS],
  },
  acts: [
    opened,
    act("held at the environment", async (sandbox) => {
      runs.set(
        sandbox,
        await sandbox.requestDeployment(REPO, JOHN, { ref: BRANCH, environment: "production" }),
      );
    }),
    act("approved", (sandbox) => sandbox.as(JANE).review(REPO, PULL, "APPROVED")),
    merged,
    act("deployed", async (sandbox) => {
      const id = await sandbox.createDeployment(REPO, JOHN, { ref: "main", environment: "production" });
      await sandbox.setDeploymentStatus(REPO, JOHN, id, "success");
    }),
    act("verified", (sandbox) => sandbox.as(JOHN).comment(REPO, PULL, "/hotfix verified")),
    act("written up and closed", async (sandbox) => {
      const [issue] = await postMortems(sandbox);
      if (issue === undefined) throw new Error("there is no post-mortem");
      await sandbox.as(JOHN).editIssue(REPO, issue.number, { body: filledIn(issue.body ?? "") });
      await sandbox.as(JOHN).closeIssue(REPO, issue.number);
    }),
  ],
};

const MISSED: Story = {
  name: "while the app was down",
  acts: [
    {
      name: "opened",
      act: ({ restart, sandbox }) => restart(() => opened.act({ restart, sandbox }).then(() => {})),
    },
    {
      name: "approved",
      act: ({ restart, sandbox }) => restart(() => approved.act({ restart, sandbox }).then(() => {})),
    },
  ],
};

export const STORIES: readonly Story[] = [LIFE, ARGUED, UNCONFIGURED, QUEUED, PUSHED, DEPLOYED, MISSED];

/** All that people see on GitHub of it that a text could not tell at the time: words are left out. */
export async function essenceOf(sandbox: Sandbox): Promise<object> {
  const ask = (path: string) => sandbox.as(RITA).request("GET", `/repos/${REPO}/${path}`);
  const pulls = (await ask("pulls?state=all&per_page=100")) as unknown as readonly {
    readonly number: number;
    readonly head: { readonly sha: string };
    readonly merge_commit_sha: string | null;
  }[];
  const branches = (await ask("branches?per_page=100")) as unknown as readonly {
    readonly commit: { readonly sha: string };
  }[];
  const shas = new Set([
    ...pulls.flatMap(({ head, merge_commit_sha: merge }) => [head.sha, ...(merge === null ? [] : [merge])]),
    ...branches.map(({ commit }) => commit.sha),
  ]);
  const checks = await Promise.all(
    [...shas].sort().map(async (sha) => {
      const latest = new Map((await sandbox.checkRuns(REPO, sha)).map((run) => [run.name, run]));
      return [...latest.values()].map(({ name, status, conclusion, output }) => [
        sha,
        name,
        status,
        conclusion,
        // A place in the merge queue is as of a time, and decides nothing.
        output.title?.replace(/, (position \d+ )?in the merge queue$/, ""),
      ]);
    }),
  );
  const issues = await sandbox.issues(REPO);
  const run = runs.get(sandbox);
  return {
    checks: checks.flat(),
    labels: pulls.map(({ number }) => [number, ...sandbox.labelsOf(REPO, number).sort()]),
    issues: issues.map(({ number, title, state }) => [
      title,
      state,
      ...sandbox.labelsOf(REPO, number).sort(),
    ]),
    deployment: run === undefined ? null : sandbox.deploymentReview(run).state,
    doubled: (
      await Promise.all([...pulls, ...issues].map(({ number }) => doubledIn(sandbox, number)))
    ).flat(),
  };
}

/** Markers of the app's comments that are there twice. */
async function doubledIn(sandbox: Sandbox, number: number): Promise<readonly string[]> {
  const own = (await sandbox.comments(REPO, number)).filter(({ user }) => user?.type === "Bot");
  const markers = own.flatMap(({ body }) => body?.match(/<!-- hotfix-guard:[^>]* -->/g) ?? []);
  return markers.filter((one, i) => markers.indexOf(one) !== i);
}
