import { replaceRegion } from "../../src/policy/post-mortem/body.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import { metricsIn } from "../../src/policy/post-mortem/metrics-block.ts";
import { desiredPostMortem } from "../../src/render/post-mortem/issue.ts";
import { metricsBlock } from "../../src/render/post-mortem/managed.ts";
import { markdown } from "../../src/render/text/markdown.ts";
import { MERGES } from "../render/situations.ts";

/** When the tests' post-mortems are read. */
export const NOW = new Date("2025-11-01T12:00:00Z");

export interface Asked {
  readonly number: number;
  readonly title?: string;
  readonly repository?: string;
  /** Over what the app had written into the block. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** The section Action Items, as people have filled it in. */
  readonly items?: string;
}

/** A post-mortem as the app writes it, with other figures: title, body and labels of the issue. */
export function postMortem({ number, title, repository = "kamiyo/api", values = {}, items }: Asked) {
  const { snapshot, verdict, policy } = MERGES.ready();
  const facts = postMortemFacts(snapshot, verdict, policy);
  if (facts === null) throw new Error("not merged");
  const [owner = "", name = ""] = repository.split("/");
  const issue = desiredPostMortem(
    {
      ...facts,
      key: number,
      number,
      repository: { ...facts.repository, owner, name },
      ...(title === undefined ? {} : { title }),
    },
    { repository: null },
  );
  const block = metricsIn(issue.body);
  if (block === null) throw new Error("no block");
  const all = { ...block.values, repository, pull_request: number, ...values };
  const withValues = replaceRegion(issue.body, block, markdown([metricsBlock(all)]).trim());
  const body =
    items === undefined ? withValues : withValues.replace(/^(- \[ \] _TODO: task_.*\n)+/m, `${items}\n`);
  return { title: issue.title, body, labels: [...issue.labels] };
}

/** Text that must stay text, wherever it is shown. */
export const HOSTILE = {
  markup: "<script>alert(1)</script><img src=x onerror=alert(2)>\"&'",
  markdown: "| a | b |\n\n# @everyone [x](javascript:alert(1)) `",
  formula: '=HYPERLINK("https://evil.example","x")',
  terminal: "\u001b[31mred\u202e",
};

/** Three hotfixes in the last 90 days, two in the 90 before, one older. */
export const STORY: readonly Asked[] = [
  {
    number: 101,
    title: "Fix Stripe webhook signature verification",
    values: {
      severity: "P1",
      merged_at: "2025-10-14T10:30:00Z",
      on_time: true,
      complete: true,
      closed_at: "2025-10-15T08:00:00Z",
      time_to_resolution: 5400,
      resolved_at: "2025-10-14T11:00:00Z",
      gate_at_merge: "success",
      bypassed: false,
    },
    items:
      "- [ ] Test secrets with umlauts – @john-smith – 2025-10-20\n- [x] Alert on 400s – @jane-doe – 2025-10-18",
  },
  {
    number: 102,
    title: `${HOSTILE.markup} ${HOSTILE.markdown}`,
    values: {
      severity: "P0",
      merged_at: "2025-10-20T03:10:00Z",
      due_at: "2025-10-21T03:10:00Z",
      author: "john-smith",
      approved_by: null,
      approval_valid: false,
      late: true,
      gate_at_merge: "failure",
      bypassed: true,
      bypass_reason: HOSTILE.formula,
      overrides: 1,
      overridden: [{ rule: "scope", by: "jane-doe", reason: HOSTILE.formula }],
      time_to_merge: 7200,
      root_cause_area: HOSTILE.terminal,
    },
    items: `- [ ] ${HOSTILE.formula} ${HOSTILE.markup} – @rita-lopez – 2026-01-20`,
  },
  {
    number: 103,
    title: "Roll the limit back",
    values: {
      severity: "P1",
      merged_at: "2025-10-30T09:00:00Z",
      due_at: "2025-11-02T09:00:00Z",
      rolled_back: true,
      rolled_back_at: "2025-10-30T10:00:00Z",
      root_cause_area: HOSTILE.terminal,
    },
  },
  { number: 90, values: { merged_at: "2025-07-01T09:00:00Z", severity: "P1", time_to_merge: 600 } },
  { number: 91, values: { merged_at: "2025-06-01T09:00:00Z", severity: "P1", time_to_merge: 1200 } },
  { number: 12, values: { merged_at: "2024-01-01T09:00:00Z", severity: "P1" } },
];
