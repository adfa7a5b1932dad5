import type { RootContent } from "mdast";
import type {
  DeploymentDecision,
  DeploymentReason,
  ReviewedPull,
  WaitingRun,
} from "../policy/deployment/deployment-review.ts";
import type { Verdict } from "../policy/verdict.ts";
import { nextStep, title } from "./gate/next-step.ts";
import { bold, count, type Inline, inline, link, list, listed, p, plain } from "./text/markdown.ts";
import { fill, registered } from "./text/message.ts";
import { code, codeBlock, oneLine, prose } from "./text/neutralize.ts";
import { fitted } from "./text/size.ts";

/**
 * GitHub takes so many characters, and renders Markdown (docs.github.com, "Creating custom deployment
 * protection rules").
 */
export const REPORT_LIMIT = 1_024;

/** The deployment that is answered, and where the answer leads. */
export interface DeploymentReviewContext {
  readonly environment: string;
  readonly run: Pick<WaitingRun, "attempt" | "headSha">;
  /** Where the pages are, without a slash at the end. */
  readonly docsUrl: string;
}

/**
 * What is said to a deployment that waits, within GitHub's limit: what was decided, why, and who can do what.
 * It stands alone on the run's page, where nobody sees the pull request.
 */
export function renderDeploymentReview(
  { decision, reason }: DeploymentDecision,
  context: DeploymentReviewContext,
): string {
  const { attempt } = context.run;
  const again = attempt > 1 ? [p(`This is attempt ${attempt} of the run.`)] : [];
  return fitted([...NODES[decision](reason, context), ...again], REPORT_LIMIT - 4).trimEnd();
}

type Nodes = (reason: DeploymentReason, context: DeploymentReviewContext) => RootContent[];

const NODES: Readonly<Record<DeploymentDecision["decision"], Nodes>> = {
  approved: (reason, context) => [
    p("✅ ", bold("Hotfix Guard approved this deployment."), " ", ...approved(reason, context)),
  ],
  rejected: (reason, context) => [
    p("❌ ", bold("Hotfix Guard rejected this deployment."), " ", ...rejected(reason, context)),
    ...violations(reason),
    p(...onwards(reason), ...emergency(context)),
  ],
  wait: (reason, context) => waiting(reason, context),
};

function emergency({ docsUrl }: DeploymentReviewContext): Inline[] {
  return [
    link(`${docsUrl}/deployments.md#in-an-emergency`, "In an emergency"),
    " an administrator can approve it.",
  ];
}

/** A run keeps its commit: what is fixed by another commit is deployed by another run. */
function onwards({ kind }: DeploymentReason): Inline[] {
  return kind === "pull-requests"
    ? ["Fixed without a new commit: re-run this job. With a new commit: deploy that one. "]
    : [];
}

function approved(reason: DeploymentReason, context: DeploymentReviewContext): Inline[] {
  switch (reason.kind) {
    case "moved-on":
    case "holds":
      return ["Observe mode: this would be rejected. ", ...rejected(reason, context)];
    case "no-pull-request":
      return ["Observe mode: this would wait. It is a hotfix, and no pull request is open for it."];
    case "landed":
      return ["Its commit is on ", code(reason.branch, 100), " already, so there is nothing to hold."];
    case "merged":
      return ["Its commit is the head of ", pull(reason), ", which is merged."];
    case "pull-requests":
      return observed(reason.pulls) ? ["Observe mode: ", ...told(reason.pulls)] : [...told(reason.pulls)];
    default:
      return ["This is not a hotfix: the hotfix procedure doesn't apply."];
  }
}

function observed(pulls: readonly ReviewedPull[]): boolean {
  return pulls[0]?.verdict.outcome === "neutral";
}

/** "#42 Ready: P1, #43 Ready: P1." */
function told(pulls: readonly ReviewedPull[]): Inline[] {
  const each = pulls.map((one): Inline => inline(pull(one), " ", bold(prose(title(one.verdict, {}), 200))));
  return [listed(each, "and", 3), "."];
}

function pull({ number, url }: { readonly number: number; readonly url: string }): Inline {
  return link(url, plain(`#${number}`));
}

function rejected(reason: DeploymentReason, { run }: DeploymentReviewContext): Inline[] {
  const commit = code(run.headSha.slice(0, 7));
  switch (reason.kind) {
    case "moved-on":
      return [
        "Its commit ",
        commit,
        " is not the head of ",
        pull(reason),
        " any more: that is ",
        code(reason.headSha.slice(0, 7)),
        " now. Deploy that one.",
      ];
    case "holds":
      return [
        "Its commit ",
        commit,
        " contains the unmerged hotfix ",
        pull(reason),
        " and more. Deploy the head of that pull request alone, or merge it first.",
      ];
    case "pull-requests": {
      const [worst] = reason.pulls;
      return worst === undefined ? [] : [pull(worst), " ", bold(prose(title(worst.verdict, {}), 200)), "."];
    }
    default:
      return [];
  }
}

/** What each rule found, in a line; all of it stands in the check. */
function violations(reason: DeploymentReason): RootContent[] {
  if (reason.kind !== "pull-requests") return [];
  const [worst] = reason.pulls;
  const found =
    worst?.verdict.findings.filter(
      ({ level, state, follows }) => level === "error" && state === "violated" && follows === undefined,
    ) ?? [];
  if (worst === undefined || found.length === 0) return step(worst?.verdict);
  const lines = found.slice(0, 4).map((finding): Inline[] => {
    const message = registered(finding.rule, finding.code);
    return [code(finding.rule), ...(message === null ? [] : [": ", fill(message.found, finding.data)])];
  });
  const more = found.length - lines.length;
  return [
    list(lines),
    p(
      ...(more > 0
        ? [`${count(more, "more rule")} and how`, " to fix each: see "]
        : ["How to fix each: see "]),
      check(worst),
      ".",
    ),
  ];
}

function step(verdict: Verdict | undefined): RootContent[] {
  return verdict === undefined ? [] : [p(nextStep(verdict, { outsideCheck: true }))];
}

/** Where the check's table is. */
function check({ url }: ReviewedPull): Inline {
  return link(`${url}/checks`, inline("the check ", code("hotfix-gate")));
}

function waiting(reason: DeploymentReason, context: DeploymentReviewContext): RootContent[] {
  const { environment, docsUrl } = context;
  const lead = (...parts: Inline[]) =>
    p("⏳ ", bold("Hotfix Guard is holding this deployment."), " ", ...parts);
  const onward = p("Nothing to do here: it resumes automatically.");
  switch (reason.kind) {
    case "pull-requests": {
      const [worst] = reason.pulls;
      if (worst === undefined) return [lead()];
      return [
        lead(pull(worst), " ", bold(prose(title(worst.verdict, {}), 200)), "."),
        ...step(worst.verdict),
        ...(worst.verdict.outcome === "unknown" ? [] : [onward]),
      ];
    }
    case "no-pull-request":
      return [
        lead("It is a hotfix, and no pull request is open for it."),
        p(
          "Open one from its branch, named ",
          code("hotfix/…"),
          ". Anyone who can push can do it. Hotfixes are checked and approved there, not on the branch alone.",
        ),
        p(
          "Is it a release? Name its branch under ",
          code("branches.base"),
          "; one that only matches a pattern there must be protected.",
        ),
        onward,
      ];
    case "unread":
      return [
        lead("Could not read everything from GitHub: ", prose(reason.what, 200), "."),
        p("It retries automatically: for a few minutes, then hourly. ", ...emergency(context)),
      ];
    case "invalid-configuration":
      return [
        lead(
          `The app's configuration has ${count(reason.problems.length, "problem")}: `,
          listed(places(reason), null, 3),
          ".",
        ),
        p("Fix the file on the default branch. What is on the default branch is deployed without waiting."),
        onward,
        p(...emergency(context)),
      ];
    default:
      return [
        p(
          "⏳ ",
          bold("Hotfix Guard doesn't guard this environment."),
          " The environment has its protection rule, but the configuration doesn't list the environment. Add it to ",
          code(".github/hotfix.yml"),
          " on the default branch:",
        ),
        codeBlock(`environments: [${JSON.stringify(oneLine(environment, 255))}]`, "yaml"),
        p(
          "Or remove the rule from the environment in the repository's settings. ",
          link(`${docsUrl}/deployments.md`, "Setup"),
          ".",
        ),
      ];
  }
}

function places({ problems }: Extract<DeploymentReason, { kind: "invalid-configuration" }>): Inline[] {
  return [...new Set(problems.map(({ file, line }) => (line === null ? file : `${file}:${line}`)))].map(
    (place) => code(place, 120),
  );
}
