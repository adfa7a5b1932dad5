import { defaultPolicy } from "../../src/config/index.ts";
import type { Plan } from "../../src/plan/plan.ts";
import type { PostMortemInput } from "../../src/plan/post-mortem/input.ts";
import type { LateAnswers } from "../../src/plan/post-mortem/late-answers.ts";
import { planPostMortem } from "../../src/plan/post-mortem/post-mortem.ts";
import { parseCommand } from "../../src/policy/command.ts";
import { known } from "../../src/policy/fact.ts";
import type { AfterMerge } from "../../src/policy/landing/after-merge.ts";
import type { CommandPlace, LateCommand } from "../../src/policy/post-mortem/commands.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import type { PostMortemIssue } from "../../src/policy/post-mortem/issue.ts";
import { renderPostMortem } from "../../src/render/post-mortem/issue.ts";
import { updatedBody } from "../../src/render/post-mortem/update.ts";
import { MERGES } from "../render/situations.ts";
import { AUTHOR, at, MANAGER, QUIET_SINCE } from "../support/snapshot.ts";

export const KEY = {
  kind: "post-mortem",
  installationId: 1,
  repositoryId: 9,
  owner: "kamiyo",
  repo: "api",
  number: 57,
} as const;
export const POLICY = defaultPolicy();
export const made = MERGES.ready();
export const AFTER: AfterMerge = { ...QUIET_SINCE, reviewOwed: known(false) };

const facts = postMortemFacts(made.snapshot, made.verdict, POLICY, AFTER);
if (facts === null) throw new Error("not merged");
export const FRESH = updatedBody(renderPostMortem(facts, {}).body, facts, true);
/** Everything that a person has to write, written. */
export const COMPLETE = FRESH.replace(
  /^- \[ \] _.*$/gm,
  "- [x] Test the secrets – @john – 2026-12-01",
).replace(/_(?:To be written|TODO): [^_]*_/g, "known now");

export function issue(more: Partial<PostMortemIssue> = {}): PostMortemIssue {
  return {
    repo: { owner: "kamiyo", repo: "api" },
    number: 57,
    url: "https://github.example/kamiyo/api/issues/57",
    title: "Post-mortem: Fix Stripe webhook signature verification (#42)",
    body: FRESH,
    state: "open",
    createdAt: at("10:31:00"),
    updatedAt: at("10:31:00"),
    labels: ["post-mortem"],
    assignees: ["john"],
    closings: [],
    reopenings: [],
    labelEvents: [],
    comments: [],
    mentionedIn: [],
    ...more,
  };
}

export function command(
  place: CommandPlace,
  body: string,
  counts: LateCommand["counts"] = known(true),
): LateCommand {
  const parsed = parseCommand(body);
  if (parsed === null) throw new Error(`no command: ${body}`);
  const comment = {
    id: 5,
    author: MANAGER,
    byApp: false,
    body,
    url: "https://github.example/c/5",
    createdAt: at("10:50:00"),
    updatedAt: at("10:50:00"),
  };
  return { place, comment, login: "jane", command: parsed, counts };
}

export interface Situation {
  readonly issue?: Partial<PostMortemIssue>;
  readonly after?: Partial<AfterMerge>;
  readonly commands?: readonly LateCommand[];
  readonly observedAt?: string;
  readonly input?: Partial<PostMortemInput>;
}

export function plans({
  issue: changed,
  after,
  commands = [],
  observedAt = at("11:00:00"),
  input,
}: Situation) {
  const answers: LateAnswers = {
    commands,
    given: new Set(),
    numbers: { "pull-request": 42, "post-mortem": 57 },
    postMortem: null,
    merged: true,
    rollback: null,
    tell: [],
  };
  const pullRequest = {
    number: 42,
    collected: { statusComment: known(null), answers: known(new Set<string>()) },
  };
  return planPostMortem({
    key: KEY,
    issue: issue(changed),
    policy: POLICY,
    incident: { snapshot: made.snapshot, verdict: made.verdict, policy: POLICY, pullRequest },
    commands,
    after: { ...AFTER, ...after },
    answers,
    observedAt,
    docsUrl: "https://docs.example",
    ...input,
  });
}

/** What a plan does, each in a word or two. */
export function words({ actions, jobs, watch, announcements, retry, log }: Plan): readonly string[] {
  return [
    ...actions.map((action) => {
      switch (action.type) {
        case "add-label":
        case "remove-label":
          return `${action.type} ${action.label}`;
        case "set-issue-state":
          return action.state;
        case "post-answer":
          return `comment ${/hotfix-guard:([a-z-]+)/.exec(action.marker)?.[1]}`;
        default:
          return action.type;
      }
    }),
    ...jobs.map(({ key, after }) => `look at ${key.kind}${after === undefined ? "" : " after"}`),
    ...(watch?.seen === "over" ? ["over"] : watch?.seen.closed ? ["closed, but young"] : []),
    ...announcements.map(({ text }) => `told ${text.split("\n")[0]}`),
    ...(retry === null ? [] : [retry]),
    ...log.map(({ message }) => message),
  ];
}

export const closed = (body: string): Partial<PostMortemIssue> => ({
  state: "closed",
  body,
  closings: [{ at: at("10:40:00"), actor: AUTHOR, byApp: false }],
});
