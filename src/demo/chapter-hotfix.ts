import pc from "picocolors";
import type { Sandbox } from "../sandbox/index.ts";
import { gateThat, showGate, showRefusal } from "./checks.ts";
import type { DemoClock } from "./clock.ts";
import { labeled, saidOn } from "./issues.ts";
import {
  DEPLOYMENT_MESSAGE,
  INCIDENT,
  JANE,
  JOHN,
  REPO,
  RITA,
  STRIPE,
  STRIPE_FIXED,
  UNRELATED,
} from "./kamiyo.ts";
import { BLOCK, showParts, TABLE } from "./markdown.ts";
import { chapter, step, tell } from "./terminal.ts";

const SLOPPY = "Hotfix/Stripe_Webhook";
const BRANCH = "hotfix/stripe-webhook";
const EM = "approved:engineering-manager";

/**
 * From a sloppy pull request to the merge, which takes a quarter of an hour by the clock; returns its number.
 */
export async function tellHotfix(sandbox: Sandbox, clock: DemoClock): Promise<number> {
  const git = sandbox.git(REPO);
  const [john, rita, jane] = [sandbox.as(JOHN), sandbox.as(RITA), sandbox.as(JANE)];
  const author = sandbox.person(JOHN);
  const parents = [git.head("main") as string];
  const push = async (branch: string, message: string, files: Record<string, string>) => {
    const sha = await git.commit(branch, { message, files, author, committer: author, parents });
    await git.push(JOHN, branch, sha, { force: git.head(branch) !== undefined });
  };

  chapter("The hotfix");
  step(1, `Production is down (issue #${INCIDENT}): John opens a pull request in a hurry`);
  clock.forward(4);
  await push(SLOPPY, "fix webhook", { [STRIPE]: STRIPE_FIXED, ...UNRELATED });
  const sloppy = await john.openPullRequest(REPO, {
    head: SLOPPY,
    title: "HOTFIX: stripe webhook",
    body: "it's on fire",
  });
  showGate(await gateThat(sandbox, REPO, sloppy.number, "failure"), ["", BLOCK, TABLE]);
  await showRefusal(sandbox, JOHN, REPO, sloppy.number);

  step(2, "He uses that name and writes the commit message; the unrelated files are still in it");
  clock.forward(2);
  await john.editPullRequest(REPO, sloppy.number, { state: "closed" });
  await push(BRANCH, DEPLOYMENT_MESSAGE, { [STRIPE]: STRIPE_FIXED, ...UNRELATED });
  const { number } = await john.openPullRequest(REPO, {
    head: BRANCH,
    title: "HOTFIX: Fix Stripe webhook signature verification",
    body: "- [x] The issue is real\n- [x] Tested locally and on staging",
  });
  showGate(await gateThat(sandbox, REPO, number, "failure", /scope/), ["", BLOCK, TABLE]);

  step(3, "He drops them: now it waits for people, and says for whom");
  clock.forward(3);
  await push(BRANCH, DEPLOYMENT_MESSAGE, { [STRIPE]: STRIPE_FIXED });
  showGate(await gateThat(sandbox, REPO, number, "action_required"), [""]);

  step(4, `John sets the label ${EM} himself: it is removed, and he reads why`);
  await john.addLabel(REPO, number, EM);
  await labeled(sandbox, REPO, number, EM, "off");
  tell(pc.dim("The one comment that the app keeps on the pull request:"));
  showParts(await saidOn(sandbox, REPO, number, "Not counted"), [""]);
  await showRefusal(sandbox, JOHN, REPO, number);

  step(5, "Rita, another engineer, approves in a review; Jane, the engineering manager, sets the label");
  clock.forward(3);
  await rita.review(REPO, number, "APPROVED");
  await jane.addLabel(REPO, number, EM);
  showGate(await gateThat(sandbox, REPO, number, "success"), ["", "Approvals"]);

  step(6, "John pushes once more: the approval was for what Jane has seen, so it ends");
  clock.forward(1);
  await push(BRANCH, DEPLOYMENT_MESSAGE, { [STRIPE]: `${STRIPE_FIXED}\n# Deployed: 2025-10-14 by John\n` });
  showGate(await gateThat(sandbox, REPO, number, "action_required"), ["Approvals"]);
  await labeled(sandbox, REPO, number, EM, "off");

  step(7, "Rita looks again; Jane approves in a review this time, and the app sets the label for her");
  clock.forward(2);
  await rita.review(REPO, number, "APPROVED");
  await jane.review(REPO, number, "APPROVED");
  showGate(await gateThat(sandbox, REPO, number, "success"));
  await john.merge(REPO, number, "merge");
  tell(pc.green("John merges."));
  return number;
}
