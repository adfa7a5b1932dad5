import { expect, it } from "vitest";
import { type LabelState, labelStates } from "../../../src/policy/approval/label-state.ts";
import type { LabelEvent } from "../../../src/policy/snapshot/history.ts";
import type { PullRequestFacts } from "../../../src/policy/snapshot.ts";
import { at, HISTORY, MANAGER, snapshot } from "../../support/snapshot.ts";

const PREFIX = "approved:";
const EM = "approved:engineering-manager";
const event = (more: Partial<LabelEvent> = {}): LabelEvent => ({
  event: "labeled",
  label: EM,
  actor: MANAGER,
  byApp: false,
  at: at("10:10:00"),
  ...more,
});
const off = (more: Partial<LabelEvent> = {}) => event({ event: "unlabeled", at: at("10:11:00"), ...more });

/** `on`/`off`, who took it off, since when it is set, and whether that may be old. */
function states(labels: readonly LabelEvent[], pr: Partial<PullRequestFacts>): readonly string[] {
  const history = { ...HISTORY, labels };
  const words = ({ label, on, takenOffByApp, set, mayBeStale }: LabelState) =>
    [
      label,
      on ? "on" : "off",
      ...(takenOffByApp ? ["by the app"] : []),
      set?.at.slice(11, 19) ?? "-",
      ...(mayBeStale ? ["stale?"] : []),
    ].join(" ");
  return labelStates(snapshot({ pr, events: { labels } }), history, PREFIX).map(words);
}

const NOW = { updatedAt: at("10:10:00") };
const MERGED = { merged: { at: at("10:15:00"), sha: "c".repeat(40), by: null } } as Partial<PullRequestFacts>;

it.each<[string, readonly LabelEvent[], Partial<PullRequestFacts>, readonly string[]]>([
  ["none", [], { labels: [] }, []],
  ["on, and set", [event()], { labels: [EM] }, [`${EM} on 10:10:00`]],
  [
    "on, as GitHub spells it now",
    [event()],
    { labels: [EM.toUpperCase()] },
    [`${EM.toUpperCase()} on 10:10:00`],
  ],
  ["of another prefix", [event({ label: "severity:P1" })], { labels: ["severity:P1", "wontfix"] }, []],
  ["on, and nobody is on record", [], { labels: [EM], updatedAt: at("10:00:00") }, [`${EM} on -`]],
  [
    "on, nobody on record, changed a moment ago",
    [],
    { labels: [EM], updatedAt: at("10:19:01") },
    [`${EM} on - stale?`],
  ],
  ["… a minute ago is no moment", [], { labels: [EM], updatedAt: at("10:19:00") }, [`${EM} on -`]],
  ["off, as the timeline says too", [event(), off()], { labels: [], ...NOW }, [`${EM} off -`]],
  [
    "off by the app: who had set it is still told",
    [event(), off({ byApp: true })],
    { labels: [], ...NOW },
    [`${EM} off by the app 10:10:00`],
  ],
  [
    "off by the app, twice in a row",
    [event(), off({ byApp: true }), off({ byApp: true, at: at("10:12:00") })],
    { labels: [], ...NOW },
    [`${EM} off by the app -`],
  ],
  ["off by the app alone", [off({ byApp: true })], { labels: [], ...NOW }, [`${EM} off by the app -`]],
  [
    "on, though the app's taking off is the last that is told",
    [event(), off({ byApp: true })],
    { labels: [EM], updatedAt: at("10:19:30") },
    [`${EM} on - stale?`],
  ],
  ["off, though its setting is the last that is told", [event()], { labels: [], ...NOW }, [`${EM} off -`]],
  [
    "off, though its setting by the app is the last that is told",
    [event({ byApp: true })],
    { labels: [], ...NOW },
    [`${EM} off -`],
  ],
  [
    "set, taken off, set again",
    [event(), off(), event({ at: at("10:12:00") })],
    { labels: [EM], ...NOW },
    [`${EM} on 10:12:00`],
  ],
  [
    "two names",
    [event(), event({ label: "approved:cto", at: at("10:12:00") })],
    { labels: [EM, "approved:cto"], ...NOW },
    [`${EM} on 10:10:00`, "approved:cto on 10:12:00"],
  ],
  [
    "merged: by its events before the merge",
    [event(), off({ at: at("10:16:00") })],
    { ...MERGED, labels: [] },
    [`${EM} on 10:10:00`],
  ],
  [
    "merged: off by then, on now",
    [event(), off(), event({ at: at("10:16:00") })],
    { ...MERGED, labels: [EM] },
    [`${EM} off -`],
  ],
  ["merged: what is only on now is none", [], { ...MERGED, labels: [EM] }, []],
])("%s", (_, labels, pr, expected) => expect(states(labels, pr)).toEqual(expected));
