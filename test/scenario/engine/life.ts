import type { Sandbox } from "../../../src/sandbox/index.ts";
import { filledIn } from "../after-life-support.ts";
import { BRANCH, DEPLOYMENT_MESSAGE, JANE, JOHN, REPO, STRIPE, STRIPE_FIXED } from "../support.ts";

/** One hotfix's life as people live it, from its opening to its completed post-mortem. */
export const ACTS: readonly { readonly name: string; act(sandbox: Sandbox): Promise<void> }[] = [
  {
    name: "opened",
    async act(sandbox) {
      const git = sandbox.git(REPO);
      const author = sandbox.person(JOHN);
      await git.commit(BRANCH, {
        message: DEPLOYMENT_MESSAGE,
        files: { [STRIPE]: STRIPE_FIXED },
        author,
        committer: author,
      });
      await git.push(JOHN, BRANCH);
      const title = "HOTFIX: Fix Stripe webhook signature verification";
      await sandbox.as(JOHN).openPullRequest(REPO, { head: BRANCH, title, body: "- [x] Tested" });
    },
  },
  {
    name: "approved",
    async act(sandbox) {
      await sandbox.as(JANE).review(REPO, PULL, "APPROVED");
    },
  },
  {
    name: "merged",
    async act(sandbox) {
      await sandbox.as(JOHN).merge(REPO, PULL);
    },
  },
  {
    name: "written up",
    async act(sandbox) {
      const [issue] = await postMortems(sandbox);
      if (issue === undefined) throw new Error("there is no post-mortem");
      await sandbox.as(JOHN).editIssue(REPO, issue.number, { body: filledIn(issue.body ?? "") });
    },
  },
  {
    name: "closed",
    async act(sandbox) {
      const [issue] = await postMortems(sandbox);
      await sandbox.as(JOHN).closeIssue(REPO, issue?.number ?? 0);
    },
  },
];

export const PULL = 1235;

/**
 * What the app has written down for itself, without what depends on how often it wrote: what it said in
 * between, and that somebody was asked, which the timeline tells as well.
 */
function recordIn(text: string | null): object {
  const [, record = "{}"] = /hotfix-guard:record (.*) -->/.exec(text ?? "") ?? [];
  const {
    said: _,
    told = [],
    ...rest
  } = JSON.parse(record) as { said?: unknown; told?: readonly { key: string }[] };
  return { ...rest, told: told.filter(({ key }) => key !== "asked") };
}

export async function postMortems(sandbox: Sandbox) {
  return (await sandbox.issues(REPO)).filter(({ title }) => title.startsWith("Post-mortem:"));
}

/** All that people see of it on GitHub, without GitHub's own numbering of runs and comments. */
export async function seen(sandbox: Sandbox): Promise<object> {
  const pull = await sandbox.pullRequest(REPO, PULL);
  const runs = [
    ...(await sandbox.checkRuns(REPO, pull.head.sha)),
    ...(pull.merge_commit_sha ? await sandbox.checkRuns(REPO, pull.merge_commit_sha) : []),
  ];
  const latest = new Map(runs.map((run) => [`${run.head_sha} ${run.name}`, run]));
  const comments = async (number: number) =>
    (await sandbox.comments(REPO, number)).map(({ user, body }) => [user?.login, body]);
  const issues = await postMortems(sandbox);
  const all = {
    checks: [...latest.values()].map(({ name, status, conclusion, output }) => [
      name,
      status,
      conclusion,
      output.title,
      output.summary,
      recordIn(output.text),
    ]),
    labels: sandbox.labelsOf(REPO, PULL).sort(),
    comments: await comments(PULL),
    reviewers: pull.requested_reviewers?.map(({ login }) => login),
    postMortems: await Promise.all(
      issues.map(async ({ number, title, body, state, labels, assignees }) => ({
        title,
        body,
        state,
        labels: labels.map((one) => (typeof one === "string" ? one : one.name)).sort(),
        assignees: assignees?.map(({ login }) => login).sort(),
        comments: await comments(number),
      })),
    ),
  };
  const text = JSON.stringify(all)
    .replaceAll(sandbox.url, "https://github.test")
    .replace(/(\d\d:\d\d:\d\d)\.\d{3}Z/g, "$1Z")
    .replace(/(issuecomment-|pullrequestreview-|\/runs\/|check_run_id=)\d+/g, "$1n");
  return JSON.parse(text) as object;
}

/** What matters of it, however often the app had to try. */
export async function outcome(sandbox: Sandbox): Promise<object> {
  const {
    checks,
    labels,
    comments,
    postMortems: issues,
  } = (await seen(sandbox)) as {
    checks: readonly (readonly unknown[])[];
    labels: readonly string[];
    comments: readonly (readonly [string, string])[];
    postMortems: readonly object[];
  };
  const said = comments.map(([login, body]) => [login, body.replace(/\d\d:\d\d(:\d\d)?/g, "time")]);
  return {
    checks: checks.map(([name, status, conclusion, title]) => [name, status, conclusion, title]),
    labels,
    said,
    issues,
  };
}
