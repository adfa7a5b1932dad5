import type { RepositoryKey } from "../jobs/key.ts";
import type { Action } from "../policy/action.ts";
import { isProductionBase } from "../policy/classify.ts";
import {
  type DeploymentDecision,
  isUnread,
  type WaitingRun,
} from "../policy/deployment/deployment-review.ts";
import type { Policy } from "../policy/policy.ts";
import { renderDeploymentReview } from "../render/deployment-review.ts";
import { type LogLine, type Plan, type PlannedJob, plan, type Remembered } from "./plan.ts";

/** What a deployment that succeeded may be the deployment of. */
export interface Deployed {
  readonly here: RepositoryKey;
  /** Hotfixes that are not merged yet. */
  readonly pullRequests: readonly number[];
  readonly branches: readonly string[];
  /**
   * Where the post-mortems of this repository's hotfixes are, and those that wait for a deployment; `null`:
   * they could not be read.
   */
  readonly postMortems: { readonly there: RepositoryKey; readonly waiting: readonly number[] } | null;
}

/** Has all of them looked at; they find out for themselves whether it is theirs. */
export function planDeployed({ here, pullRequests, branches, postMortems }: Deployed): Plan {
  const jobs: readonly PlannedJob[] = [
    ...pullRequests.map((number) => ({ key: { ...here, kind: "pull-request", number } as const, hint: {} })),
    ...branches.map((ref) => ({ key: { ...here, kind: "branch", ref } as const, hint: {} })),
    ...(postMortems?.waiting ?? []).map((number) => {
      return { key: { ...(postMortems?.there ?? here), kind: "post-mortem", number } as const, hint: {} };
    }),
  ];
  return plan({ jobs, retry: postMortems === null ? "later" : null });
}

const MOST_RECENT = 20;

/**
 * Has the newest deployments looked at that may be a hotfix's: what is deployed of a production branch itself
 * is found by its post-mortem. `defaultBranch`: `null` where it could not be read.
 */
export function planRecentDeployments(
  here: RepositoryKey,
  deployments: readonly { readonly id: number; readonly ref: string }[],
  policy: Policy,
  defaultBranch: string | null,
): Plan {
  const ofProduction = ({ ref }: { readonly ref: string }) =>
    defaultBranch !== null && isProductionBase(ref.replace(/^refs\/heads\//, ""), policy, { defaultBranch });
  const jobs = deployments
    .filter((one) => !ofProduction(one))
    .slice(-MOST_RECENT)
    .map(({ id }): PlannedJob => ({ key: { ...here, kind: "deployment", id }, hint: {}, background: true }));
  return plan({ jobs });
}

/** Has runs looked at that wait for an answer. `asked`: by an event, and not by an hourly look. */
export function planWaitingRuns(here: RepositoryKey, runs: ReadonlySet<number>, asked: boolean): Plan {
  const jobs = [...runs].map((run): PlannedJob => {
    const key = { ...here, kind: "waiting-run", run } as const;
    // Nobody asks for one of them: events come first.
    return { key, hint: {}, ...(asked ? {} : { background: true }) };
  });
  return plan({ jobs });
}

/** A run that waits at environments, and what the gate decides at each of them. */
export interface WaitingRunInput {
  readonly run: WaitingRun;
  readonly decisions: Readonly<Record<string, DeploymentDecision>>;
  /** What the process remembers what was said to it by, for each environment, and the run itself. */
  readonly sayKey: (environment: string) => string;
  readonly runKey: string;
  /** What was said last while it waited, by environment: said again it would be noise. */
  readonly said: Readonly<Record<string, string>>;
  /** What of the configuration decides whether it is the gate's to decide on; `null`: none that is valid. */
  readonly guarding: string | null;
  readonly show: "quiet" | "retrying" | "gave-up";
  /** The first look: GitHub may show what was a moment ago. */
  readonly first: boolean;
  readonly docsUrl: string;
}

/** What is said to a run, and what that means for later. */
export interface WaitingRunPlan extends Plan {
  /** It goes on waiting for the gate. */
  readonly waits: boolean;
  /** It lets something go to production, so a last look is due. */
  readonly approves: boolean;
}

/**
 * Approves, rejects, or says what is waited for. A decision is given whenever one is waited for: the run's
 * next job asks as well.
 */
export function planWaitingRun({
  run,
  decisions,
  sayKey,
  runKey,
  said,
  guarding,
  show,
  first,
  docsUrl,
}: WaitingRunInput): WaitingRunPlan {
  const answers: Extract<Action, { type: "answer-deployment" }>[] = [];
  let again = false;
  for (const [environment, decision] of Object.entries(decisions)) {
    const unread = isUnread(decision);
    // A rejection ends the job, so it takes a second look.
    const hasty = decision.decision === "rejected" && show === "quiet" && first;
    again ||= unread || hasty;
    if (hasty || (unread && show === "quiet")) continue;
    const comment = renderDeploymentReview(decision, { environment, run, docsUrl });
    const state = decision.decision === "wait" ? null : decision.decision;
    if (state === null && said[environment] === comment) continue;
    answers.push({ type: "answer-deployment", run: run.id, environment, state, comment });
  }
  const all = Object.values(decisions);
  // The gate has nothing more to say to it.
  const settled = !again && all.every((one) => one.decision !== "wait" || one.reason.kind === "not-guarded");
  return {
    ...plan({
      actions: answers,
      retry: again ? "later" : null,
      remember: [
        ...answers.flatMap((after): Remembered[] =>
          after.state === null
            ? [{ list: "said", key: sayKey(after.environment), value: after.comment, after }]
            : [],
        ),
        ...(settled && guarding !== null ? [{ list: "settled", key: runKey, value: guarding } as const] : []),
      ],
      log: answers.map((after): LogLine => {
        const fields = { run: run.id, environment: after.environment, head: run.headSha };
        return { level: "info", fields, message: `deployment: ${after.state ?? "waits"}`, after };
      }),
    }),
    waits: all.some(({ decision }) => decision === "wait"),
    approves: answers.some(({ state }) => state === "approved"),
  };
}
