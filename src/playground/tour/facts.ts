import { REPO } from "../../demo/kamiyo.ts";
import { gateOf } from "../../demo/watch.ts";
import type { Sandbox } from "../../sandbox/index.ts";
import { readIssues, readPulls } from "../read.ts";

/** The pull request that the tour is about: the newest hotfix that was not closed unmerged. */
export interface TourPull {
  readonly number: number;
  readonly branch: string;
  readonly title: string;
  readonly merged: boolean;
  /** Conclusion of its `hotfix-gate`; `null`: none yet. */
  readonly gate: string | null;
  /** The app has taken an approval label off, and said why. */
  readonly labelTakenOff: boolean;
}

/** How far the post-mortem of the tour's hotfix is. */
export interface TourPostMortem {
  readonly number: number;
  readonly open: boolean;
  readonly reminded: boolean;
  readonly reopened: boolean;
  /** The app says on the pull request that it is. */
  readonly complete: boolean;
}

/** What is there now, as far as the tour goes by it. */
export interface Facts {
  readonly pull: TourPull | null;
  readonly postMortem: TourPostMortem | null;
}

/** How far the visitor has come: the newest pull request that counts, and its post-mortem. */
export async function readFacts(sandbox: Sandbox): Promise<Facts> {
  const pulls = await readPulls(sandbox);
  const newest = pulls.find(
    ({ state, merged_at, title }) => (state === "open" || merged_at !== null) && !title.startsWith("Revert "),
  );
  if (newest === undefined) return { pull: null, postMortem: null };
  const pull = await pullFacts(sandbox, newest.number);
  return { pull, postMortem: pull.merged ? await postMortemFacts(sandbox, pull.number) : null };
}

async function pullFacts(sandbox: Sandbox, number: number): Promise<TourPull> {
  const { head, title, merged } = await sandbox.pullRequest(REPO, number);
  const timeline = await sandbox.timeline(REPO, number);
  const explained = (await saidByApp(sandbox, number)).some((text) => text.includes("Not counted"));
  return {
    number,
    title,
    merged,
    branch: head.ref,
    gate: (await gateOf(sandbox, REPO, number))?.conclusion ?? null,
    labelTakenOff:
      explained &&
      timeline.some(({ event, performed_via_github_app, label }) => {
        const name = (label as { name?: string } | undefined)?.name ?? "";
        return event === "unlabeled" && performed_via_github_app !== null && name.startsWith("approved:");
      }),
  };
}

async function postMortemFacts(sandbox: Sandbox, pull: number): Promise<TourPostMortem | null> {
  const issue = (await readIssues(sandbox)).find(
    ({ title }) => title.startsWith("Post-mortem: ") && title.includes(`(#${pull})`),
  );
  if (issue === undefined) return null;
  const said = await saidByApp(sandbox, issue.number);
  return {
    number: issue.number,
    open: issue.state === "open",
    reminded: said.some((text) => /due in|overdue/i.test(text)),
    reopened: said.some((text) => /reopened/i.test(text)),
    complete: (await saidByApp(sandbox, pull)).some((text) => text.includes("is complete")),
  };
}

async function saidByApp(sandbox: Sandbox, number: number): Promise<readonly string[]> {
  const comments = await sandbox.comments(REPO, number);
  return comments.filter(({ user }) => user?.type === "Bot").map(({ body }) => body ?? "");
}
