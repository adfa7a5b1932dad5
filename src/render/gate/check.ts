import type { RootContent } from "mdast";
import type { DesiredCheck } from "../../policy/action.ts";
import type { EarlyDeployment } from "../../policy/snapshot.ts";
import { type Verdict, WORST_FIRST } from "../../policy/verdict.ts";
import { bold, count, heading, link, list, listed, markdown, p, plain } from "../text/markdown.ts";
import { notice, registered } from "../text/message.ts";
import { code, cut, oneLine, prose } from "../text/neutralize.ts";
import { CHECK_LIMIT, fitted, size } from "../text/size.ts";
import { approvalItems, overrideItems } from "./approvals.ts";
import { problemTable, proposedSection } from "./configuration-section.ts";
import { earlyNote } from "./deployed-early.ts";
import { type CheckContext, desired } from "./desired-check.ts";
import { closedFindings, fixCommands, openFindings, warningCommands } from "./findings-table.ts";
import { frozenOutcome, frozenSection } from "./frozen.ts";
import { bystanderNote, groupNote, outsiderNote } from "./head-notes.ts";
import { nextStep, title } from "./next-step.ts";
import { requireCheckSection } from "./require-check.ts";
import { nameOfTakenBack, takenBack } from "./rollback-of.ts";

/** A verdict and the pull request it is on. */
export interface CheckedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly verdict: Verdict;
  /** Where it is to go; of use with `early` only. */
  readonly base?: string;
  /** It went to production before it is merged; `null`, or not set: not that the app knew. */
  readonly early?: EarlyDeployment | null;
}

/**
 * The check run for a head: the worst verdict decides, each pull request has its section. Without any verdict
 * it fails: what has not been checked does not pass.
 */
export function renderCheck(verdicts: readonly CheckedPullRequest[], context: CheckContext): DesiredCheck {
  const sorted = [...verdicts].sort((a, b) => rank(a.verdict) - rank(b.verdict) || a.number - b.number);
  const [worst] = sorted;
  if (worst === undefined)
    return desired(
      { conclusion: "failure", title: "No pull request found" },
      [
        p(
          "No open pull request was found for this commit, so nothing was checked. Open one, or press Re-run on this check.",
        ),
      ],
      context,
    );
  const about = [...groupNote(context), ...bystanderNote(context)];
  const { frozen = null } = context;
  if (frozen !== null)
    return desired(
      frozenOutcome(frozen),
      [...frozenSection(frozen), ...proposals(sorted), ...about],
      context,
    );
  const single = sorted.length === 1;
  const outcome = { ...concluded(worst.verdict, context), title: title(worst.verdict, context) };
  const more = {
    notes: annotations(sorted),
    overridable: sorted.some(({ verdict }) => verdict.kind === "hotfix"),
  };
  if (single) return desired(outcome, [...section(worst, context), ...about], context, more);
  const summary = sections(sorted, context, markdown(about));
  const which = `#${worst.number}: ${outcome.title}`;
  return desired({ ...outcome, title: which }, summary, context, more);
}

function proposals(verdicts: readonly CheckedPullRequest[]): RootContent[] {
  return verdicts.flatMap(({ verdict: { proposedConfig } }) =>
    proposedConfig === null ? [] : proposedSection(proposedConfig),
  );
}

function rank({ outcome, wouldBe, neverKnown }: Verdict): number {
  const waits = neverKnown.length > 0 ? 0 : 1;
  return WORST_FIRST.indexOf(outcome) * 100 + WORST_FIRST.indexOf(wouldBe) * 10 + waits;
}

function concluded(
  { outcome, neverKnown }: Verdict,
  { givenUp }: Pick<CheckContext, "givenUp">,
): Pick<DesiredCheck, "conclusion"> {
  if (outcome !== "unknown") return { conclusion: outcome };
  return { conclusion: givenUp === true || neverKnown.length > 0 ? "failure" : null };
}

const SMALLEST_SECTION = 3_000;

/** A section each, with an equal share of the room; those that are no hotfixes share a line. */
function sections(sorted: readonly CheckedPullRequest[], context: CheckContext, about: string): string {
  const asked = sorted.filter(({ verdict }) => !isQuiet(verdict));
  const quiet = sorted.filter(({ verdict }) => isQuiet(verdict));
  const lead = asked[0] ?? sorted[0];
  const links = (some: readonly CheckedPullRequest[]) =>
    listed(
      some.map(({ number, url }) => link(url, plain(`#${number}`))),
      "and",
      50,
    );
  const first = markdown([
    ...(lead === undefined
      ? []
      : [p(link(lead.url, plain(`#${lead.number}`)), ": ", nextStep(lead.verdict, context))]),
    ...(asked.length > 1
      ? [p("All of these must be ready: ", links(asked), ". Each would merge this commit.")]
      : []),
    ...outsiderNote(asked, context),
    ...(quiet.length > 0 ? [p("Nothing to do for ", links(quiet), ": not a hotfix.")] : []),
  ]);
  const room = CHECK_LIMIT - size(first) - size(about) - 2_000;
  // Below a screenful a section says nothing: then fewer are shown.
  const shown = asked.slice(0, Math.max(1, Math.floor(room / SMALLEST_SECTION)));
  const share = Math.floor(room / Math.max(1, shown.length)) - 1;
  const parts = shown.map((item) =>
    fitted(
      [heading(2, link(item.url, plain(`#${item.number}`))), ...section(item, context, item !== lead)],
      share,
    ),
  );
  const hidden = asked.length - shown.length;
  if (hidden > 0) parts.push(markdown([p(`Cut here: ${count(hidden, "more pull request")} not shown.`)]));
  return [first, ...parts, about].filter((part) => part !== "").join("\n");
}

/** Nothing is asked of it and nothing is to be told. */
function isQuiet(verdict: Verdict): boolean {
  return verdict.outcome === "skipped" && verdict.proposedConfig === null;
}

/** `step`: with the next step, unless it stands above. */
function section(
  { verdict, base = "", early }: CheckedPullRequest,
  context: CheckContext,
  step = true,
): RootContent[] {
  const nodes: RootContent[] = [
    ...(early && verdict.kind === "hotfix" ? [earlyNote(early, base)] : []),
    ...(step ? [p(nextStep(verdict, context))] : []),
  ];
  if (verdict.outcome === "skipped") {
    nodes.push(
      verdict.kind === "back-merge"
        ? p(
            ...(verdict.backMergeOf === undefined
              ? ["Its commits were"]
              : [
                  "Its change is exactly that of ",
                  listed(
                    [...(verdict.backMergeOf.also ?? []), verdict.backMergeOf].map((one) =>
                      code(nameOfTakenBack(one)),
                    ),
                    "and",
                  ),
                  " in ",
                  code(verdict.backMergeOf.branch),
                  ", which was",
                ]),
            " checked on the way to production.",
          )
        : p(
            "A hotfix comes from a branch named ",
            code("hotfix/…"),
            ". See ",
            link(context.docsUrl, "the documentation"),
            ".",
          ),
      ...verdict.notices.map((n) => p(...notice(n, context.docsUrl))),
    );
  } else {
    nodes.push(...facts(verdict, context));
  }
  if (verdict.proposedConfig !== null) nodes.push(...proposedSection(verdict.proposedConfig));
  return nodes;
}

/**
 * In the order in which a reader needs it: what to run, what is open, who has approved; the rest is folded.
 */
function facts(verdict: Verdict, context: CheckContext): RootContent[] {
  const tables = { messageOf: registered, ...context, observing: verdict.outcome === "neutral" };
  const nodes: RootContent[] = [];
  if (verdict.configProblems.length > 0) nodes.push(problemTable(verdict.configProblems));
  nodes.push(...kindNote(verdict), ...fixCommands(verdict));
  nodes.push(...openFindings(verdict, tables));
  const approvals = approvalItems(verdict.approvals);
  if (approvals.length > 0) nodes.push(heading(3, "Approvals"), list(approvals));
  const overrides = overrideItems(verdict.overrides, verdict.refusedOverrides);
  if (overrides.length > 0) nodes.push(heading(3, "Overrides"), list(overrides));
  const rows = verdict.findings.flatMap(({ state, data }) => (state === "unknown" ? [data.reason] : []));
  const unread = verdict.unknowns.filter((reason) => !rows.includes(reason));
  if (unread.length > 0)
    nodes.push(heading(3, "Could not be read"), list(unread.map((reason) => [prose(reason)])));
  const notices = verdict.notices.map((n) => [notice(n, context.docsUrl)]);
  if (notices.length > 0) nodes.push(heading(3, "Notes"), list(notices));
  nodes.push(
    ...requireCheckSection(verdict.notices),
    ...warningCommands(verdict),
    ...closedFindings(verdict, tables),
  );
  return nodes;
}

function kindNote({ kind, rollbackOf }: Verdict): RootContent[] {
  if (kind !== "rollback" || rollbackOf === null) return [];
  return [
    p(
      bold("Rollback"),
      " of ",
      takenBack(rollbackOf),
      ": confirmed by its content, so one approval is enough.",
    ),
  ];
}

function annotations(verdicts: readonly CheckedPullRequest[]): DesiredCheck["annotations"] {
  return verdicts.flatMap(({ verdict }) =>
    verdict.findings
      .filter(({ state }) => state !== "satisfied" && state !== "not-applicable")
      .flatMap((f) => f.annotations)
      .map((a) => ({ ...a, title: oneLine(a.title, 200), message: cut(a.message, PLAIN_LIMIT) })),
  );
}

/** GitHub takes 64 KB a message; a reader takes less. */
const PLAIN_LIMIT = 2_000;
