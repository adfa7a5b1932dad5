import type { PhrasingContent, RootContent } from "mdast";
import { bypassedEarly } from "../../policy/landing/early-deployment.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { EarlyDeployment } from "../../policy/snapshot.ts";
import { bold, inline, p } from "../text/markdown.ts";
import { code } from "../text/neutralize.ts";
import { time } from "../text/time.ts";
import { person } from "./approvals.ts";

/** What is said of a hotfix that went to production before it was merged. */

/** "`production`, 2025-10-14 14:05 UTC, by `john`". */
export function deployment({ environment, at, by }: EarlyDeployment): PhrasingContent[] {
  return inline(code(environment, 100), ", ", time(at), by === null ? "" : inline(", by ", person(by.login)));
}

/** In the check and the status comment of a pull request that is still open. */
export function earlyNote(early: EarlyDeployment, base: string): RootContent {
  return p(
    ...how(early, "Deployed before the gate passed:", "Deployed already:"),
    " deployed to ",
    deployment(early),
    ". ",
    gateThen(early),
    " ",
    ...notOn(base),
  );
}

/** Above the post-mortem. */
export function earlyMark(early: EarlyDeployment, facts: PostMortemFacts): RootContent {
  return p(
    ...how(early, "Deployed before the gate passed:", "Deployed before it was merged:"),
    " ",
    deployment(early),
    ", commit ",
    code(early.sha.slice(0, 7)),
    ". ",
    gateThen(early),
    ...(facts.merged !== null ? [] : [" ", ...(facts.closed ? wasClosed(facts) : notOn(facts.base))]),
  );
}

/** Said in one way where it bypassed the gate, in another where it did not or nobody knows. */
function how(early: EarlyDeployment, roundTheGate: string, otherwise: string): PhrasingContent[] {
  const round = bypassedEarly(early);
  return inline(
    round.known && !round.value ? "ℹ️ " : "⚠️ ",
    bold(round.known && round.value ? roundTheGate : otherwise),
  );
}

/** In the status comment of a pull request that was closed without a merge. */
export function closedNote(early: EarlyDeployment, base: string): RootContent {
  return p(
    "⚠️ ",
    bold("Closed without a merge, but it was deployed:"),
    " to ",
    deployment(early),
    ". Every deployment of ",
    code(base),
    " removes the fix. To keep it, reopen this pull request.",
  );
}

/** What runs in production is on no production branch. */
function notOn(base: string): PhrasingContent[] {
  return inline(
    "It is not on ",
    code(base),
    " yet: until it is merged, every deployment of ",
    code(base),
    " removes the fix.",
  );
}

function wasClosed({ base }: PostMortemFacts): PhrasingContent[] {
  return inline(
    "Its pull request was closed without a merge: every deployment of ",
    code(base),
    " removes the fix.",
  );
}

function gateThen({ gate }: EarlyDeployment): PhrasingContent[] {
  const name = code("hotfix-gate");
  if (!gate.known) return inline("What the check ", name, " said then could not be read.");
  switch (gate.value) {
    case null:
      return inline("There was no check ", name, " on it then.");
    case "in_progress":
      return inline("The check ", name, " was still in progress then.");
    case "neutral":
      return inline("Observe mode: the check ", name, " said ", code("neutral"), ".");
    default:
      return inline("The check ", name, " said ", code(gate.value), " then.");
  }
}
