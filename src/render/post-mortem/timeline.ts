import type { PhrasingContent, RootContent } from "mdast";
import { beginMark, digest, endMark } from "../../policy/post-mortem/body.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { TimelineEntry } from "../../policy/post-mortem/timeline.ts";
import { html, type Inline, inline, link, table } from "../text/markdown.ts";
import { code, codeBlock, mermaidLabel, prose } from "../text/neutralize.ts";
import { time, utc } from "../text/time.ts";
import { managed, shortName, toWrite } from "./words.ts";

/** The rows that stand in the timeline from the beginning, to be filled in, and what they are called. */
export const WAITING: Readonly<Partial<Record<TimelineEntry["what"], string>>> = {
  deployed: "Fix deployed",
  "deployed-early": "Fix deployed",
  verified: "Verified resolved",
};

/** What the timeline calls each entry: for the table, and in few words for the diagram. */
const EVENTS: Record<TimelineEntry["what"], (detail: string) => PhrasingContent[]> = {
  detected: () => inline("Issue detected (from the commit)"),
  "issue-opened": (detail) => inline("Issue ", code(detail), " opened"),
  "branch-pushed": () => inline("Hotfix started: branch first pushed"),
  "pull-request-opened": () => inline("Pull request opened"),
  "head-pushed": () => inline("Last commits pushed"),
  approved: (role) => inline("Approved as ", code(role)),
  "review-approved": () => inline("Review: approved"),
  "changes-requested": () => inline("Review: changes requested"),
  overridden: (rule) => inline("Rule ", code(rule), " overridden"),
  "gate-green": () => inline(code("hotfix-gate"), " passed"),
  merged: () => inline("Merged"),
  "pushed-directly": () => inline("Pushed directly to the base branch"),
  "deployed-early": (where) => inline("Fix deployed before it was merged: ", code(where)),
  "approved-late": (role) => inline("Approved after the merge as ", code(role)),
  deployed: (where) => inline("Fix deployed", where === "" ? "" : inline(": ", code(where))),
  verified: () => inline("Verified resolved"),
  "rollback-asked": () => inline("Rollback requested"),
  "ci-failed": (name) => inline("CI failed on the commit that landed: ", code(name, 100)),
  "ci-passed": (name) => inline("CI passed after all: ", code(name, 100)),
  "rolled-back": (by) => inline("Rolled back", by === "" ? "" : inline(": ", code(by))),
};

/** The timeline as a region of the body: rows that the app adds later know by it which are there. */
export function timelineTable(facts: PostMortemFacts): RootContent[] {
  const rows = facts.timeline.map(timelineRow);
  const detected: Inline[][] = facts.timeline.some(({ what }) => what === "detected")
    ? []
    : [
        [
          facts.detectedText === null ? toWrite("time") : prose(facts.detectedText),
          "Issue detected",
          toWrite("by whom"),
        ],
      ];
  const there = facts.timeline.map(({ what }) => WAITING[what]);
  const waiting = [...new Set(Object.values(WAITING))].flatMap((name): Inline[][] =>
    there.includes(name) ? [] : [[toWrite("time"), name, toWrite("by whom")]],
  );
  return [
    html(beginMark("timeline", facts.timeline.map(entryKey).join(" "))),
    table(["Time", "What", "Who"], [...detected, ...rows, ...waiting]),
    html(endMark("timeline")),
  ];
}

/** A row of the timeline's table. */
export function timelineRow({ at, what, who, detail, url }: TimelineEntry): Inline[] {
  const event = EVENTS[what](detail);
  const shown = url === undefined ? event : [...event, ...inline(" (", link(url, "details"), ")")];
  return [time(at), shown, who === null ? "" : code(who)];
}

/** By what the app knows a row of its own again, whatever people made of it. */
export function entryKey({ at, what, who, detail }: TimelineEntry): string {
  // Several checks may end in the same second.
  const ci = what === "ci-failed" || what === "ci-passed" ? ` ${detail}` : "";
  return digest(`${at} ${what} ${who ?? ""}${ci}`).slice(0, 8);
}

/** The rows of the diagram, in the order of an incident; what CI said is in the table alone. */
const PHASES: Readonly<Record<string, readonly TimelineEntry["what"][]>> = {
  Detection: ["detected", "issue-opened"],
  Fix: ["branch-pushed", "pull-request-opened", "head-pushed"],
  Gate: ["approved", "review-approved", "changes-requested", "overridden", "gate-green", "approved-late"],
  Production: [
    "merged",
    "pushed-directly",
    "deployed-early",
    "deployed",
    "verified",
    "rollback-asked",
    "rolled-back",
  ],
};

/**
 * A Gantt chart of milestones: each event has a line of its own, whose colon is written `∶` (U+2236), since a
 * colon ends a label.
 */
export function timelineDiagram(facts: PostMortemFacts): RootContent[] {
  const days = new Set(facts.timeline.map(({ at }) => utc(at).slice(0, 10)));
  const lines = [
    "gantt",
    `    title Hotfix ${facts.number ?? mermaidLabel(shortName(facts))} (UTC)`,
    "    dateFormat YYYY-MM-DD HH:mm",
    `    axisFormat ${days.size > 1 ? "%b %d " : ""}%H:%M`,
    // Mermaid draws the day on which it is looked at, far off.
    "    todayMarker off",
  ];
  for (const [phase, kinds] of Object.entries(PHASES)) {
    const events = facts.timeline.filter(({ what }) => kinds.includes(what));
    if (events.length > 0) lines.push(`    section ${phase}`, ...events.map((event) => milestone(event)));
  }
  return managed("diagram", [codeBlock(lines.join("\n"), "mermaid")]);
}

function milestone({ at, what, who, detail }: TimelineEntry): string {
  const moment = utc(at).slice(0, 16);
  const text = EVENTS[what](detail)
    .map((node) => ("value" in node ? node.value : ""))
    .join("");
  const by = who === null ? "" : ` (${mermaidLabel(who)})`;
  return `        ${moment.slice(11).replace(":", "∶")} ${mermaidLabel(text)}${by} :milestone, ${moment}, 0m`;
}
