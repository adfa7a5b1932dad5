import pc from "picocolors";
import type { Sandbox } from "../sandbox/index.ts";
import { gateThat, showGate } from "./checks.ts";
import { ADA, CART, COUNT_FIXED, KEN, SHOP, TOTAL_FIXED } from "./hotaru.ts";
import { type PostMortem, postMortemOf } from "./issues.ts";
import { showParts } from "./markdown.ts";
import { chapter, step, tell } from "./terminal.ts";
import { type Gate, until } from "./watch.ts";

/** What bypassed the gate, and what came of it. */
export interface Bypasses {
  /** The check on the pull request that was merged all the same. */
  readonly gate: Gate;
  readonly merged: PostMortem;
  readonly pushed: PostMortem;
}

const PULL_TITLE = "HOTFIX: Fix the total of an empty cart";
const PUSHED = "hotfix/cart-count";

/** Bypasses the gate twice. Takes its time: the app writes an issue or a comment in 3 seconds at most. */
export async function bypassGate(sandbox: Sandbox): Promise<Bypasses> {
  const git = sandbox.git(SHOP);
  const push = async (branch: string, title: string, content: string) => {
    await git.commit(branch, {
      message: `HOTFIX: ${title}\n\nFixes: #1\nSeverity: P1`,
      files: { [CART]: content },
      author: sandbox.person(KEN),
      parents: [git.head("main") as string],
    });
    await git.push(KEN, branch);
  };
  await push("hotfix/cart-total", PULL_TITLE, TOTAL_FIXED);
  const { number } = await sandbox
    .as(KEN)
    .openPullRequest(SHOP, { head: "hotfix/cart-total", title: PULL_TITLE });
  const gate = await gateThat(sandbox, SHOP, number, "failure");
  await sandbox.as(ADA).merge(SHOP, number, "merge", { admin: true });
  const merged = await marked(sandbox, `(#${number})`);
  await push(PUSHED, "Fix the count of an empty cart", COUNT_FIXED);
  const sha = await git.mergeNoFf(ADA, "main", PUSHED);
  return { gate, merged, pushed: await marked(sandbox, sha.slice(0, 7)) };
}

/** The post-mortem, once it says that the gate was gone round. */
async function marked(sandbox: Sandbox, title: string): Promise<PostMortem> {
  return until(`the post-mortem of ${title} says that it bypassed the gate`, async () => {
    const issue = await postMortemOf(sandbox, SHOP, title);
    return /bypassed the gate/i.test(issue.body) ? issue : null;
  });
}

/** Tells what has happened at the other company, each part with its text from GitHub. */
export function tellBypasses({ gate, merged, pushed }: Bypasses): void {
  chapter("Meanwhile at Hotaru, another company: bypassing the gate");
  step(12, "Ken's hotfix is red. Ada, an administrator, merges it anyway: the post-mortem says so");
  showGate(gate, [""]);
  tell("Ada merges.");
  show(merged);
  step(13, `Ada runs git merge --no-ff ${PUSHED} && git push: no pull request, but a post-mortem`);
  show(pushed);
}

function show({ number, title, body }: PostMortem): void {
  tell(pc.bold(`#${number} ${title}`));
  showParts(body, [""], { brief: true });
}
