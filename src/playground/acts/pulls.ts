import { randomUUID } from "node:crypto";
import { REPO } from "../../demo/kamiyo.ts";
import type { Sandbox } from "../../sandbox/index.ts";
import { forkOf, memberOf } from "../cast.ts";
import { filesOf } from "../changes-to-push.ts";
import { type Act, pullPath } from "./act.ts";
import { FormError } from "./form.ts";

/** A commit to push. */
interface Push {
  /** Where it is pushed to; default: the repository itself. */
  readonly repository?: string;
  readonly branch: string;
  readonly message: string;
  readonly changes: readonly string[];
  /** On top of `main`, instead of what the branch holds. */
  readonly replace: boolean;
}

/** A local branch of its own: what is not let through must not stand below the next push. */
const onTheSide = (): string => `local-${randomUUID()}`;

/** Commits as that person, and pushes. */
export async function pushCommit(sandbox: Sandbox, login: string, push: Push): Promise<string> {
  const git = sandbox.git(push.repository ?? REPO);
  const main = sandbox.git(REPO).head("main") as string;
  const tip = git.head(push.branch);
  const author = sandbox.person(login);
  const sha = await git.commit(onTheSide(), {
    message: push.message,
    files: filesOf(push.changes, {
      main: (path) => git.show(main, path),
      branch: (path) => git.show(tip ?? main, path),
    }),
    author,
    committer: author,
    parents: [(push.replace ? undefined : tip) ?? main],
  });
  return git.push(login, push.branch, sha, { force: push.replace && tip !== undefined });
}

export const push: Act = async ({ company, login, form }) => {
  const branch = form.need("branch", "The branch");
  await pushCommit(company.sandbox, login, {
    repository: form.text("repository") || REPO,
    branch,
    message: form.need("message", "The commit message"),
    changes: form.all("change"),
    replace: form.text("how") === "replace",
  });
  return { said: `Pushed to ${branch}.` };
};

/**
 * Pushes the commit, and opens the pull request. Who has no write access does so from a fork, as on GitHub.
 */
export const openPull: Act = async ({ company, login, form }) => {
  const branch = form.need("branch", "The branch");
  const title = form.need("title", "The title");
  const fork = memberOf(login).permission === null;
  await pushCommit(company.sandbox, login, {
    repository: fork ? forkOf(login) : REPO,
    branch,
    message: form.need("message", "The commit message"),
    changes: form.all("change"),
    replace: true,
  });
  const { number } = await company.sandbox.as(login).openPullRequest(REPO, {
    head: fork ? `${login}:${branch}` : branch,
    title,
    body: form.text("body"),
  });
  return { said: `Opened #${number}.`, to: pullPath(number) };
};

export const merge: Act = async ({ company, login, form }) => {
  const method = form.one("method", ["merge", "squash", "rebase"]);
  const admin = form.text("bypass") === "yes";
  await company.sandbox.as(login).merge(REPO, form.number("number"), method, { admin });
  return { said: admin ? "Merged past the gate." : "Merged." };
};

export const closePull: Act = async ({ company, login, form }) => {
  await company.sandbox.as(login).editPullRequest(REPO, form.number("number"), { state: "closed" });
  return { said: "Closed." };
};

export const reopenPull: Act = async ({ company, login, form }) => {
  await company.sandbox.as(login).editPullRequest(REPO, form.number("number"), { state: "open" });
  return { said: "Reopened." };
};

/** GitHub's button: a branch with the revert, and a pull request of it. */
export const revert: Act = async ({ company, login, form }) => {
  const { sandbox } = company;
  const number = form.number("number");
  const pull = await sandbox.pullRequest(REPO, number);
  const branch = `revert-${number}-${pull.head.ref}`;
  await revertOn(sandbox, login, branch, pull.merge_commit_sha ?? "");
  const opened = await sandbox.as(login).openPullRequest(REPO, {
    head: branch,
    title: `Revert "${pull.title}"`,
    body: `Reverts ${REPO}#${number}`,
  });
  return { said: `Opened #${opened.number}, which takes #${number} back.`, to: pullPath(opened.number) };
};

/** Pushes the revert of a commit to a branch as that person. */
export async function revertOn(sandbox: Sandbox, login: string, branch: string, sha: string): Promise<void> {
  const git = sandbox.git(REPO);
  const commit = git.log("main").find((one) => one.sha === sha);
  if (commit === undefined) throw new FormError("Only what is on main can be reverted.");
  const mainline = commit.parents.length > 1 ? { mainline: 1 } : {};
  const made = await git.revert(onTheSide(), sha, { ...mainline, author: sandbox.person(login) });
  await git.push(login, branch, made);
}
