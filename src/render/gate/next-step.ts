import type { PhrasingContent } from "mdast";
import type { RuleFinding, Verdict } from "../../policy/verdict.ts";
import { count, type Inline, inline, listed } from "../text/markdown.ts";
import { fill, type MessageOf, registered } from "../text/message.ts";
import { code, oneLine, prose } from "../text/neutralise.ts";
import { approvalLabels, person, whoCan } from "./approvals.ts";
import { nameOfTakenBack } from "./rollback-of.ts";

/** What the words of a verdict are made with. */
export interface Wording {
  /** What is said about reason codes; the registry's messages where it is not given. */
  readonly messageOf?: MessageOf;
  /** The app has stopped trying to read what it could not read. */
  readonly givenUp?: boolean;
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
    return `Configuration invalid: ${count(verdict.configProblems.length, "problem")}`;
  const { approvals, severity } = verdict;
  switch (verdict.wouldBe) {
    case "failure": {
      const violated = blocking(verdict, "violated");
      const [only] = violated;
      return violated.length === 1 && only
        ? `Blocked: ${only.rule}`
        : `Blocked: ${count(violated.length, "rule")}`;
    }
    case "unknown":
      return verdict.neverKnown.length > 0
        ? `Too large to check: ${oneLine(verdict.neverKnown[0] ?? "", 120)}`
        : unreadTitle(verdict.unknowns, givenUp);
    case "action_required": {
      if (approvals.missing > 0 && approvals.nobodyCan) return "Waiting for an approval that nobody can give";
      if (approvals.missing > 0 && verdict.kind === "rollback")
        return "Waiting for one approval of the rollback";
      if (approvals.missing > 0) {
        const labels = approvals.roles.map((role) => `approved:${oneLine(role, 60)}`);
        const people = approvals.missing > 1 ? ` (${approvals.missing} people)` : "";
        return `Waiting for ${labels.length > 3 ? "an approval" : labels.join(" or ")}${people}`;
      }
      const pending = blocking(verdict, "pending").map(({ rule }) => rule);
      return pending.length === 1 && pending[0] === "review"
        ? "Waiting for a review"
        : `Waiting: ${pending.join(", ")}`;
    }
    case "skipped":
      return verdict.kind === "back-merge" ? "Back-merge: nothing to check" : "Not a hotfix";
    default:
      if (verdict.rollbackOf !== null) return `Ready: rollback of ${nameOfTakenBack(verdict.rollbackOf)}`;
      return severity === null ? "Ready" : `Ready: ${severity}`;
  }
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
    ? inline("Nothing is blocked: the app only observes here. If it enforced the procedure: ", step)
    : step;
}

function plainStep(verdict: Verdict, wording: Wording): PhrasingContent[] {
  if (verdict.configProblems.length > 0) {
    const files = [...new Set(verdict.configProblems.map(({ file }) => file))];
    return inline(
      `Mend the configuration: ${count(verdict.configProblems.length, "problem")} in `,
      listed(
        files.map((f) => code(f)),
        "and",
      ),
      ", listed below. Anyone who can change the default branch of that repository can do it, with a pull request that changes the file alone. Until then nothing can be checked, so every pull request is blocked.",
    );
  }
  switch (verdict.wouldBe) {
    case "failure":
      return mendRules(verdict, wording);
    case "unknown":
      return verdict.neverKnown.length > 0 ? wayOut(verdict) : unreadStep(wording.givenUp === true);
    case "action_required":
      return waitFor(verdict, wording);
    case "skipped":
      return verdict.kind === "back-merge"
        ? inline("Nothing to do: this brings a hotfix that is in production back to another branch.")
        : inline("Nothing to do: this is not a hotfix, so the hotfix procedure does not apply.");
    default:
      return ready(verdict);
  }
}

/** What to do while something could not be read. */
export function unreadStep(givenUp: boolean): PhrasingContent[] {
  return givenUp
    ? inline(
        "The app could not read GitHub and has stopped trying. Anyone can have it try again: comment ",
        code("/hotfix recheck"),
        " on the pull request, or press Re-run on this check.",
      )
    : inline("Wait a moment: the app could not read all it needs from GitHub and tries again by itself.");
}

/** What can never be read in full is never checked, however often the app asks. */
function wayOut(verdict: Verdict): PhrasingContent[] {
  return inline(
    ...whoMends(verdict),
    "has to ",
    (verdict.waysOut ?? []).join(", and "),
    ". What can never be read in full: ",
    ...verdict.neverKnown.flatMap((reason, i) => [i === 0 ? "" : "; ", prose(reason)]),
    ".",
  );
}

/** "`john`, or anyone who can push to the branch, ". */
function whoMends({ author }: Verdict): PhrasingContent[] {
  return inline(
    author === null ? "The author" : person(author.login),
    ", or anyone who can push to the branch, ",
  );
}

function mendRules(verdict: Verdict, { messageOf = registered }: Wording): PhrasingContent[] {
  const violated = blocking(verdict, "violated");
  const who = whoMends(verdict);
  const then: Inline[] =
    verdict.approvals.missing > 0 && verdict.approvals.roles.length > 0
      ? [" After that it needs an approval: ", approvalLabels(verdict.approvals.roles), "."]
      : [];
  const [only] = violated;
  if (violated.length === 1 && only !== undefined) {
    const mend = messageOf(only.rule, only.code)?.mend ?? "";
    return inline(
      who,
      "has to mend one thing, ",
      code(only.rule),
      mend === "" ? "." : inline(": ", sentence(fill(mend, only.data))),
      ...then,
    );
  }
  return inline(
    who,
    `has to mend ${count(violated.length, "thing")}: `,
    listed(
      violated.map(({ rule }) => code(rule)),
      "and",
      15,
    ),
    ". What to do for each stands in the table.",
    ...then,
  );
}

/** Ends with a full stop. */
function sentence(nodes: PhrasingContent[]): PhrasingContent[] {
  const last = nodes.at(-1);
  return last?.type === "text" && /[.!?]$/.test(last.value) ? nodes : inline(nodes, ".");
}

function waitFor(verdict: Verdict, { messageOf = registered }: Wording): PhrasingContent[] {
  const { approvals } = verdict;
  const others = blocking(verdict, "pending").filter(({ rule }) => rule !== "approval");
  const also = others.flatMap((f): Inline[] => [
    " Also needed: ",
    f.rule === "review" ? "a review" : code(f.rule),
    ". ",
    sentence(fill(messageOf(f.rule, f.code)?.mend ?? f.code, f.data)),
  ]);
  if (approvals.missing === 0) return inline("Waiting for people.", ...also);
  if (approvals.nobodyCan) {
    return inline(
      "Nobody can approve this as things stand: whoever holds ",
      listed(
        approvals.roles.map((role) => code(role)),
        "or",
      ),
      " worked on this hotfix, or no one holds it. An administrator of the repository or of the organisation mends that: add another person to the role, in its team or under ",
      code("roles"),
      " in ",
      code(".github/hotfix.yml"),
      " on the default branch; that person then sets ",
      approvalLabels(approvals.roles),
      ".",
      ...also,
    );
  }
  const rollback =
    verdict.kind === "rollback"
      ? " An approving review of anyone with write access who did not work on it will do, too."
      : "";
  return inline(
    `Waiting for ${count(approvals.missing, "approval")}. Who can approve: `,
    whoCan(approvals),
    " How: set the label ",
    approvalLabels(approvals.roles),
    ", or approve in a review.",
    rollback,
    ...also,
  );
}

function ready(verdict: Verdict): PhrasingContent[] {
  const warnings = verdict.findings.filter((f) => f.level === "warn" && f.state === "violated").length;
  const warned =
    warnings === 0
      ? ""
      : ` ${count(warnings, "warning")} in the table ${warnings === 1 ? "does" : "do"} not block.`;
  const after = verdict.kind === "rollback" ? "" : " The post-mortem issue then opens by itself.";
  const told = verdict.notices.map((n) => n.code);
  const conditions = [
    ...(told.includes("draft") ? ["it is marked as ready for review"] : []),
    ...(told.includes("protection-wants-review") ? ["GitHub's own review rule is met"] : []),
  ];
  const when = conditions.length === 0 ? "now" : `once ${conditions.join(" and ")}`;
  return inline(`Ready: anyone with write access can merge this ${when}.${after}${warned}`);
}
