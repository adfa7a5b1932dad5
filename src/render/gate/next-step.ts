import type { PhrasingContent } from "mdast";
import type { RuleFinding, Verdict } from "../../policy/verdict.ts";
import { bold, count, type Inline, inline, listed } from "../text/markdown.ts";
import { fill, type MessageOf, registered } from "../text/message.ts";
import { code, oneLine, prose } from "../text/neutralize.ts";
import { approvalLabels, person, whoCan } from "./approvals.ts";
import { inQueue, queueTitle } from "./in-queue.ts";
import { nameOfTakenBack } from "./rollback-of.ts";

/** What the words of a verdict are made with. */
export interface Wording {
  /** What is said about reason codes; the registry's messages where it is not given. */
  readonly messageOf?: MessageOf;
  /** The app has stopped trying to read what it could not read. */
  readonly givenUp?: boolean;
  /** Said outside of the check, whose block and table are not below then. */
  readonly outsideCheck?: boolean;
}

/** What is to be fixed: failed rules, without those that the fix of another one fixes as well. */
function causesOf(verdict: Verdict): readonly RuleFinding[] {
  return blocking(verdict, "violated").filter(({ follows }) => follows === undefined);
}

/** Findings that block, of a state. */
function blocking(verdict: Verdict, state: RuleFinding["state"]): readonly RuleFinding[] {
  return verdict.findings.filter((f) => f.level === "error" && f.state === state);
}

/** The outcome in a few words of plain text, for the check's title. */
export function title(verdict: Verdict, wording: Pick<Wording, "givenUp">): string {
  const text = plainTitle(verdict, wording.givenUp === true);
  return verdict.outcome === "neutral" ? `Would be: ${text}` : text;
}

function plainTitle(verdict: Verdict, givenUp: boolean): string {
  if (verdict.configProblems.length > 0)
    return `Configuration invalid: ${count(verdict.configProblems.length, "error")}`;
  const { approvals } = verdict;
  switch (verdict.wouldBe) {
    case "failure": {
      const causes = causesOf(verdict);
      const [only] = causes;
      return causes.length === 1 && only
        ? `Blocked: ${only.rule}`
        : `Blocked: ${count(causes.length, "rule")}`;
    }
    case "unknown":
      return verdict.neverKnown.length > 0
        ? `Too large to check: ${oneLine(verdict.neverKnown[0] ?? "", 120)}`
        : unreadTitle(verdict.unknowns, givenUp);
    case "action_required": {
      if (approvals.missing > 0 && approvals.nobodyCan) return "Waiting for approval: no eligible approver";
      if (approvals.missing > 0 && verdict.kind === "rollback") return "Waiting for approval of the rollback";
      if (approvals.missing > 0) {
        const roles = approvals.roles.map((role) => oneLine(role, 60));
        const people = approvals.missing > 1 ? ` (${approvals.missing} people)` : "";
        return `Waiting for approval${roles.length > 3 ? "" : `: ${roles.join(" or ")}`}${people}`;
      }
      const pending = blocking(verdict, "pending").map(({ rule }) => rule);
      return pending.length === 1 && pending[0] === "review"
        ? "Waiting for review"
        : `Waiting: ${pending.join(", ")}`;
    }
    case "skipped":
      return verdict.kind === "back-merge" ? "Back-merge: nothing to check" : "Not a hotfix";
    default:
      return readyTitle(verdict);
  }
}

function readyTitle({ rollbackOf, severity, queue }: Verdict): string {
  const what = rollbackOf === null ? severity : `rollback of ${nameOfTakenBack(rollbackOf)}`;
  const said = [what, queue === undefined ? null : queueTitle(queue)].filter((one) => one !== null);
  return said.length === 0 ? "Ready" : `Ready: ${said.join(", ")}`;
}

/** "Reading GitHub again: the files of the pull request: GitHub answered 502". */
export function unreadTitle(what: readonly string[], givenUp: boolean, final = false): string {
  const text = oneLine(what[0] ?? "something is missing", 120);
  const more = what.length > 1 ? ` and ${what.length - 1} more` : "";
  if (final) return `Cannot be checked: ${text}${more}`;
  return `${givenUp ? "Could not read GitHub" : "Reading GitHub again"}: ${text}${more}`;
}

/** The next step in plain words and who can do it: the first line of everything that people read. */
export function nextStep(verdict: Verdict, wording: Wording): PhrasingContent[] {
  const step = plainStep(verdict, wording);
  return verdict.outcome === "neutral"
    ? inline("Observe mode: nothing is blocked. In enforce mode, this would apply. ", step)
    : step;
}

function plainStep(verdict: Verdict, wording: Wording): PhrasingContent[] {
  if (verdict.configProblems.length > 0) {
    const files = [...new Set(verdict.configProblems.map(({ file }) => file))];
    return inline(
      `Fix ${count(verdict.configProblems.length, "error")} in `,
      listed(
        files.map((f) => code(f)),
        "and",
      ),
      ` (${wording.outsideCheck === true ? "see the check" : "below"}) in a pull request that changes only ${files.length === 1 ? "that file" : "those files"}. Every pull request is blocked until it is merged.`,
    );
  }
  switch (verdict.wouldBe) {
    case "failure":
      return fixRules(verdict, wording);
    case "unknown":
      return verdict.neverKnown.length > 0 ? wayOut(verdict) : unreadStep(wording.givenUp === true);
    case "action_required":
      return waitFor(verdict, wording);
    case "skipped":
      return verdict.kind === "back-merge"
        ? inline("Nothing to do: this brings a hotfix that is in production back to another branch.")
        : inline("Nothing to do: this is not a hotfix.");
    default:
      return ready(verdict, wording);
  }
}

/** What to do while something could not be read. */
export function unreadStep(givenUp: boolean): PhrasingContent[] {
  return givenUp
    ? inline(
        bold("Next:"),
        " re-run this check, or comment ",
        code("/hotfix recheck"),
        ". GitHub could not be read, and the app has stopped retrying.",
      )
    : inline(bold("Next:"), " wait a moment. Something could not be read from GitHub; the app is retrying.");
}

/** What can never be read in full is never checked, however often the app asks. */
function wayOut(verdict: Verdict): PhrasingContent[] {
  return inline(
    ...whoFixes(verdict),
    ": ",
    (verdict.waysOut ?? []).join(", and "),
    ". Can't be read in full: ",
    ...verdict.neverKnown.flatMap((reason, i) => [i === 0 ? "" : "; ", prose(reason)]),
    ".",
  );
}

/** "**Next:** `john` (or anyone who can push)". */
function whoFixes({ author }: Verdict): PhrasingContent[] {
  return inline(
    bold("Next:"),
    " ",
    author === null ? "the author" : person(author.login),
    " (or anyone who can push)",
  );
}

function fixRules(
  verdict: Verdict,
  { messageOf = registered, outsideCheck = false }: Wording,
): PhrasingContent[] {
  const causes = causesOf(verdict);
  const byHand = causes.filter(({ steps }) => steps.length === 0 || verdict.fixBlock.length === 0);
  const where = outsideCheck ? "in the check" : "below";
  const block = byHand.length === causes.length ? "" : runBlock(verdict, where);
  const { missing, roles, nobodyCan } = verdict.approvals;
  const then: Inline[] = missing > 0 && roles.length > 0 && !nobodyCan ? [", then ask for approval"] : [];
  const [only] = byHand;
  const fix = only === undefined ? "" : (messageOf(only.rule, only.code)?.fix ?? "");
  if (byHand.length === 1 && only !== undefined && block === "")
    return inline(
      ...whoFixes(verdict),
      ": fix ",
      code(only.rule),
      ".",
      ...(fix === "" ? [] : [" ", ...sentence(fill(fix, only.data))]),
      then.length === 0 ? "" : " Then ask for approval.",
    );
  const names = listed(
    byHand.map(({ rule }) => code(rule)),
    "and",
    15,
  );
  const hand: Inline[] =
    byHand.length === 0
      ? []
      : [block === "" ? "fix " : " and fix ", names, ` (${outsideCheck ? "see the check" : "below"})`];
  return inline(...whoFixes(verdict), ": ", block, ...hand, ...then, ".");
}

/** Placeholders of the message are filled in first. */
function runBlock({ fixBlock }: Verdict, where: string): string {
  const hasBlanks = fixBlock.some((line) => /: (?:#?\[[^\]]+\]|P0\/P1)$/.test(line));
  return `${hasBlanks ? "fill in and run" : "run"} the block ${where}`;
}

/** Ends with a full stop. */
function sentence(nodes: PhrasingContent[]): PhrasingContent[] {
  const last = nodes.at(-1);
  return last?.type === "text" && /[.!?]$/.test(last.value) ? nodes : inline(nodes, ".");
}

const REVIEWER = "anyone with write access who didn't work on it";

function waitFor(verdict: Verdict, { messageOf = registered }: Wording): PhrasingContent[] {
  const { approvals } = verdict;
  const others = blocking(verdict, "pending").filter(({ rule }) => rule !== "approval");
  const needsReview = others.some(({ rule }) => rule === "review");
  const rest = others
    .filter(({ rule }) => rule !== "review")
    .flatMap((f): Inline[] => [" ", sentence(fill(messageOf(f.rule, f.code)?.fix ?? f.code, f.data))]);
  if (approvals.missing === 0)
    return inline(needsReview ? `Waiting for a review by ${REVIEWER}.` : "Waiting for people.", ...rest);
  const also: Inline[] = [...(needsReview ? [` Also needs a review by ${REVIEWER}.`] : []), ...rest];
  if (approvals.nobodyCan)
    return inline(
      "No eligible approver: everyone in ",
      listed(
        approvals.roles.map((role) => code(role)),
        "or",
      ),
      " worked on this hotfix or lacks write access. ",
      bold("Next:"),
      " an administrator adds someone to the role, in its team or under ",
      code("roles"),
      " in ",
      code(".github/hotfix.yml"),
      " on the default branch.",
      ...also,
    );
  const rollback = verdict.kind === "rollback";
  return inline(
    `Waiting for ${count(approvals.missing, "approval")}${rollback ? " of the rollback" : ""} from `,
    whoCan(approvals),
    ": approve in a review, or set the label ",
    approvalLabels(approvals.roles),
    ".",
    rollback ? ` An approving review by ${REVIEWER} counts, too.` : "",
    ...also,
  );
}

function ready(verdict: Verdict, { outsideCheck }: Wording): PhrasingContent[] {
  const warnings = verdict.findings.filter((f) => f.level === "warn" && f.state === "violated").length;
  const warned =
    warnings === 0
      ? ""
      : ` ${count(warnings, "warning")} ${outsideCheck === true ? "in the check" : "below"}.`;
  const after = verdict.kind === "rollback" ? "" : " A post-mortem issue will open automatically.";
  if (verdict.queue !== undefined)
    return inline(...inQueue(verdict.queue, outsideCheck === true), `${after}${warned}`);
  const told = verdict.notices.map((n) => n.code);
  const conditions = [
    ...(told.includes("draft") ? ["it is marked as ready for review"] : []),
    ...(told.includes("protection-wants-review") ? ["GitHub's own review rule is met"] : []),
  ];
  const when = conditions.length === 0 ? "" : ` once ${conditions.join(" and ")}`;
  return inline(`Ready to merge${when}.${after}${warned}`);
}
