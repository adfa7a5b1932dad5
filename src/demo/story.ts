import pc from "picocolors";
import type { Sandbox } from "../sandbox/index.ts";
import { SandboxError } from "../sandbox/index.ts";
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
import { say, showMarkdown, step } from "./terminal.ts";
import { type Gate, gateOf, until } from "./watch.ts";

/** Tells the main job from a sloppy hotfix to the post-mortem; rejects where a step does not come out as it should. */
export async function tellStory(sandbox: Sandbox): Promise<void> {
  const git = sandbox.git(REPO);
  const [john, rita, jane] = [sandbox.as(JOHN), sandbox.as(RITA), sandbox.as(JANE)];
  const author = sandbox.person(JOHN);
  const main = git.head("main") as string;

  const commit = (branch: string, message: string, files: Record<string, string>) =>
    git.commit(branch, { message, files, author, committer: author, parents: [main] });
  const show = (gate: Gate, table = true): void => {
    say(`   ${pc.bold("hotfix-gate")}: ${colour(gate.conclusion)} — ${pc.bold(gate.title)}`);
    if (table) showMarkdown(gate.summary);
  };
  const expectGate = async (number: number, conclusion: string, title?: RegExp): Promise<Gate> =>
    until(`hotfix-gate ${conclusion} on #${number}`, async () => {
      const gate = await gateOf(sandbox, REPO, number);
      return gate?.conclusion === conclusion && (title?.test(gate.title) ?? true) ? gate : null;
    });

  step(1, `Production is down (issue #${INCIDENT}): John opens a hotfix in a hurry`);
  await git.push(
    JOHN,
    "Hotfix/Stripe_Webhook",
    await commit("Hotfix/Stripe_Webhook", "fix webhook", {
      [STRIPE]: STRIPE_FIXED,
      ...UNRELATED,
    }),
  );
  const sloppy = await john.openPullRequest(REPO, {
    head: "Hotfix/Stripe_Webhook",
    title: "HOTFIX: stripe webhook",
    body: "it's on fire",
  });
  show(await expectGate(sloppy.number, "failure"));
  await refusedMerge(sandbox, sloppy.number);

  step(2, "He takes the name that the check proposes, and opens the pull request anew");
  const branch = "hotfix/stripe-webhook-verification";
  await john.editPullRequest(REPO, sloppy.number, { state: "closed" });
  await git.push(JOHN, branch, await commit(branch, "fix webhook", { [STRIPE]: STRIPE_FIXED, ...UNRELATED }));
  const pull = await john.openPullRequest(REPO, {
    head: branch,
    title: "HOTFIX: Fix Stripe webhook signature verification",
    body: "- [x] The issue is real\n- [x] Tested locally and on staging",
  });
  const { number } = pull;
  show(await expectGate(number, "failure"));

  step(3, "He writes the deployment commit, with the unrelated files still in it");
  await git.push(
    JOHN,
    branch,
    await commit(branch, DEPLOYMENT_MESSAGE, { [STRIPE]: STRIPE_FIXED, ...UNRELATED }),
    { force: true },
  );
  show(await expectGate(number, "failure", /scope/));

  step(4, "He takes them out: now it waits for people");
  await git.push(JOHN, branch, await commit(branch, DEPLOYMENT_MESSAGE, { [STRIPE]: STRIPE_FIXED }), {
    force: true,
  });
  show(await expectGate(number, "action_required"));

  step(5, "John sets the approval label himself: it is taken off again, and he reads why");
  await john.addLabel(REPO, number, "approved:engineering-manager");
  await until("the label is taken off", async () =>
    sandbox.labelsOf(REPO, number).includes("approved:engineering-manager") ? null : true,
  );
  const comment = await until("the status comment says why", async () => {
    const comments = await sandbox.comments(REPO, number);
    return comments.find(({ body }) => body?.includes("Does not count")) ?? null;
  });
  showMarkdown(comment.body ?? "");
  await refusedMerge(sandbox, number);

  step(6, "Rita reviews; Jane, the engineering manager, sets the label: it counts");
  await rita.review(REPO, number, "APPROVED");
  await jane.addLabel(REPO, number, "approved:engineering-manager");
  show(await expectGate(number, "success"));

  step(7, "A last push: the approval was for another head, so it ends");
  const fixed = `${STRIPE_FIXED}\n# Deployed: 2025-10-14 by John\n`;
  await git.push(JOHN, branch, await commit(branch, DEPLOYMENT_MESSAGE, { [STRIPE]: fixed }), {
    force: true,
  });
  show(await expectGate(number, "action_required"));
  await until("the stale label is taken off", async () =>
    sandbox.labelsOf(REPO, number).includes("approved:engineering-manager") ? null : true,
  );

  step(8, "Rita looks again, Jane approves in a review of her own (the app sets the label for her); merged");
  await rita.review(REPO, number, "APPROVED");
  await jane.review(REPO, number, "APPROVED");
  show(await expectGate(number, "success"), false);
  await john.merge(REPO, number, "merge");
  say(`   ${pc.green("Merged.")}`);

  step(9, "The post-mortem is open before anybody can forget it");
  const issue = await until("the post-mortem", async () => {
    const issues = await sandbox.issues(REPO);
    return issues.find(({ title }) => title.startsWith("Post-mortem:")) ?? null;
  });
  const assignees = issue.assignees?.map(({ login }) => login).join(", ");
  const labels = issue.labels.map((label) => (typeof label === "string" ? label : label.name)).join(", ");
  say(
    `   ${pc.bold(`#${issue.number} ${issue.title}`)}\n   ${pc.dim(`${labels} · assigned to ${assignees}`)}\n`,
  );
  showMarkdown(issue.body ?? "");
}

async function refusedMerge(sandbox: Sandbox, number: number): Promise<void> {
  try {
    await sandbox.as(JOHN).merge(REPO, number, "merge");
  } catch (error) {
    if (!(error instanceof SandboxError) || error.status !== 405) throw error;
    say(`   ${pc.dim(`GitHub says: ${error.message}`)}`);
    return;
  }
  throw new Error(`#${number} could be merged while the gate was closed`);
}

function colour(conclusion: string | null): string {
  if (conclusion === "success") return pc.green("✔ success");
  if (conclusion === "failure") return pc.red("✘ failure");
  return pc.yellow(`● ${conclusion ?? "in progress"}`);
}
