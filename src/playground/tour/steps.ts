import { asJohnWritesIt } from "../../demo/johns-words.ts";
import { DEPLOYMENT_MESSAGE, INCIDENT, JANE, JOHN, REPO, RITA } from "../../demo/kamiyo.ts";
import { issuePath, pullPath } from "../acts/act.ts";
import { pushCommit } from "../acts/pulls.ts";
import type { Company } from "../company.ts";
import type { Facts } from "./facts.ts";
import type { TourAct, TourStep } from "./step.ts";

const SLOPPY = "Hotfix/Stripe_Webhook";
const BRANCH = "hotfix/stripe-webhook";
const EM = "approved:engineering-manager";
const HOURS_20 = 20 * 60 + 5;

const pull = (facts: Facts): number => {
  if (facts.pull === null) throw new Error("There is no pull request yet.");
  return facts.pull.number;
};
const postMortem = (facts: Facts): number => {
  if (facts.postMortem === null) throw new Error("There is no post-mortem yet.");
  return facts.postMortem.number;
};
const toPull = ({ pull: one }: Facts): string | null => (one === null ? null : pullPath(one.number));
const toIssue = ({ postMortem: one }: Facts): string | null => (one === null ? null : issuePath(one.number));

/** Rita reviews, Jane approves: in a review, for which the app sets the label. */
function approve(label: string): TourAct {
  return {
    label,
    who: [RITA, JANE],
    async run({ sandbox, clock }, facts) {
      const number = pull(facts);
      await sandbox.as(RITA).review(REPO, number, "APPROVED", "Read it, and ran it on staging.");
      clock.forward(1);
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      return { said: "Rita and Jane approved.", to: pullPath(number) };
    },
    done: (facts) => facts.pull?.gate === "success" || facts.pull?.merged === true,
  };
}

async function openInAHurry({ sandbox }: Company) {
  await pushCommit(sandbox, JOHN, {
    branch: SLOPPY,
    message: "fix webhook",
    changes: ["fix", "unrelated"],
    replace: true,
  });
  const { number } = await sandbox.as(JOHN).openPullRequest(REPO, {
    head: SLOPPY,
    title: "HOTFIX: stripe webhook",
    body: "it's on fire",
  });
  return { said: `John opened #${number}.`, to: pullPath(number) };
}

async function openAsToldByTheCheck({ sandbox }: Company, facts: Facts) {
  const old = pull(facts);
  await pushCommit(sandbox, JOHN, {
    branch: BRANCH,
    message: DEPLOYMENT_MESSAGE,
    changes: ["fix"],
    replace: true,
  });
  const { number } = await sandbox.as(JOHN).openPullRequest(REPO, {
    head: BRANCH,
    title: "HOTFIX: Fix Stripe webhook signature verification",
    body: "- [x] The issue is real\n- [x] Tested locally and on staging",
  });
  await sandbox.as(JOHN).editPullRequest(REPO, old, { state: "closed" });
  return { said: `John opened #${number} and closed #${old}.`, to: pullPath(number) };
}

/** The story, as the demo in the terminal tells it. */
export const STEPS: readonly TourStep[] = [
  {
    title: "A hotfix in a hurry",
    text: `Production is down: webhooks from Stripe are rejected (issue #${INCIDENT}). John opens a pull request the way one does at 3 a.m.: a branch named somehow, the message “fix webhook”, and three files that have nothing to do with it.`,
    hand: "Pull requests, New pull request.",
    acts: [
      {
        label: "Open the pull request",
        who: [JOHN],
        run: openInAHurry,
        done: ({ pull: one }) => one?.gate === "failure",
      },
    ],
    seen: "The check hotfix-gate failed. It says what to do next, gives one block to copy, and a row for each rule. Try to merge: GitHub refuses.",
    where: (facts) => `${toPull(facts)}/checks`,
  },
  {
    title: "Do what the check says",
    text: "The block to copy makes a branch with the right name, keeps only the fix, and begins the commit message with every field. John runs it, fills the message in, and opens the new pull request.",
    hand: "open another pull request, then close this one (the button at the end of its page).",
    acts: [
      {
        label: "Run the block",
        who: [JOHN],
        run: openAsToldByTheCheck,
        done: ({ pull: one }) => one?.gate === "action_required" || one?.gate === "success",
      },
    ],
    seen: "Every rule passes. Now it waits for people, and says for whom by name: an approval by the engineering manager or the CTO, and a review by somebody else.",
    where: (facts) => `${toPull(facts)}/checks`,
  },
  {
    title: "Approve it yourself?",
    text: "It is late, and nobody answers. John has write access, so he sets the approval label himself.",
    hand: "Labels, at the right of the pull request.",
    acts: [
      {
        label: `Set the label ${EM}`,
        who: [JOHN],
        async run({ sandbox }, facts) {
          await sandbox.as(JOHN).addLabel(REPO, pull(facts), EM);
          return { said: "John set the label.", to: pullPath(pull(facts)) };
        },
        done: ({ pull: one }) => one?.labelTakenOff === true,
      },
    ],
    seen: "Hotfix Guard took the label off again, and the comment that it keeps on the pull request says why: authors can't approve their own hotfix.",
    where: toPull,
  },
  {
    title: "The right people approve",
    text: "Rita, another engineer, reviews it. Jane, the engineering manager, approves it: in a review, or by the label; either counts.",
    hand: "act as Rita, then as Jane (at the top), and review at the end of the conversation.",
    acts: [approve("Rita reviews, Jane approves")],
    seen: "Ready to merge. The check says who approved, as what, and when.",
    where: (facts) => `${toPull(facts)}/checks`,
  },
  {
    title: "One more push",
    text: "John spots something and pushes once more. What Jane approved is not what would be merged now.",
    hand: "Push, at the end of the conversation.",
    acts: [
      {
        label: "Push one more line",
        who: [JOHN],
        async run({ sandbox }, facts) {
          await pushCommit(sandbox, JOHN, {
            branch: facts.pull?.branch ?? BRANCH,
            message: DEPLOYMENT_MESSAGE,
            changes: ["more"],
            replace: true,
          });
          return { said: "John pushed.", to: pullPath(pull(facts)) };
        },
        done: ({ pull: one }) => one?.gate === "action_required" || one?.merged === true,
      },
    ],
    seen: "The approval ended: it was for the commits that Jane had seen. The check waits again.",
    where: (facts) => `${toPull(facts)}/checks`,
  },
  {
    title: "Approve again, and merge",
    text: "Rita and Jane look again. Then anybody with write access can merge.",
    hand: "review as before, then merge.",
    acts: [
      approve("Rita and Jane approve again"),
      {
        label: "Merge the pull request",
        who: [JOHN],
        async run({ sandbox }, facts) {
          await sandbox.as(JOHN).merge(REPO, pull(facts), "merge");
          return { said: "John merged.", to: pullPath(pull(facts)) };
        },
        done: ({ postMortem: one }) => one !== null,
      },
    ],
    seen: "Merged. The post-mortem opened by itself, with everything filled in that is known: times, people, approvals, a diagram of the timeline.",
    where: toIssue,
  },
  {
    title: "Nobody writes the post-mortem",
    text: "It is due 24 hours after the merge. Let 20 of them pass, and see who is reminded. Then let John close it as it is.",
    hand: "Let time pass, at the top. Close issue, at the end of the post-mortem.",
    acts: [
      {
        label: "Let 20 hours pass",
        who: [JOHN],
        async run(company, facts) {
          await company.pass(HOURS_20);
          return { said: "20 hours later.", to: issuePath(postMortem(facts)) };
        },
        done: ({ postMortem: one }) => one?.reminded === true,
      },
      {
        label: "Close it as it is",
        who: [JOHN],
        async run({ sandbox }, facts) {
          await sandbox.as(JOHN).closeIssue(REPO, postMortem(facts));
          return { said: "John closed the post-mortem.", to: issuePath(postMortem(facts)) };
        },
        done: ({ postMortem: one }) => one?.reopened === true && one.open,
      },
    ],
    seen: "Reopened, with the list of what is missing.",
    where: toIssue,
  },
  {
    title: "Write it, and close it",
    text: "John fills in every TODO, gives each action item an owner and a due date, and closes the issue.",
    hand: "Edit the description, below it; then close the issue.",
    acts: [
      {
        label: "Fill it in and close it",
        who: [JOHN],
        async run({ sandbox, clock }, facts) {
          const number = postMortem(facts);
          const { body } = await sandbox.issue(REPO, number);
          const incident = await sandbox.issue(REPO, INCIDENT);
          const { merged_at } = await sandbox.pullRequest(REPO, pull(facts));
          const words = asJohnWritesIt(body ?? "", {
            openedAt: Date.parse(incident.created_at),
            mergedAt: Date.parse(merged_at ?? ""),
            today: clock.now().getTime(),
          });
          await sandbox.as(JOHN).editIssue(REPO, number, { body: words });
          await sandbox.as(JOHN).closeIssue(REPO, number);
          return { said: "John wrote the post-mortem and closed it.", to: issuePath(number) };
        },
        done: ({ postMortem: one }) => one?.complete === true && !one.open,
      },
    ],
    seen: "It stays closed, and the pull request gets its last word. That was a hotfix from the first push to the lesson learned.",
    where: toPull,
  },
];
