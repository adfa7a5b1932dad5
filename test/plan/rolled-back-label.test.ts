import { expect, test } from "vitest";
import { planRolledBackLabel } from "../../src/plan/post-mortem/rolled-back-label.ts";
import { type Fact, known, unknown } from "../../src/policy/fact.ts";
import type { Happening } from "../../src/policy/landing/after-merge.ts";
import type { LabelEvent } from "../../src/policy/snapshot/history.ts";

const at = (minute: number) => `2025-10-14T10:${String(minute).padStart(2, "0")}:00Z`;
const event = (kind: LabelEvent["event"], by: "app" | "person", minute: number): LabelEvent => ({
  event: kind,
  label: "Rolled-Back",
  actor: { login: by, type: by === "app" ? "Bot" : "User" },
  byApp: by === "app",
  at: at(minute),
});
const back: Fact<Happening | null> = known({ at: at(30), by: "john", detail: "#2" });
const not: Fact<Happening | null> = known(null);

test.each<[string, LabelEvent[], Fact<Happening | null>, "add-label" | "remove-label" | null]>([
  ["taken back", [], back, "add-label"],
  ["taken back, on already", [event("labeled", "app", 31)], back, null],
  ["taken back, set by a person", [event("labeled", "person", 31)], back, null],
  [
    "taken off by a person since",
    [event("labeled", "app", 31), event("unlabeled", "person", 32)],
    back,
    null,
  ],
  [
    "taken off by a person before",
    [event("labeled", "app", 2), event("unlabeled", "person", 3)],
    back,
    "add-label",
  ],
  [
    "taken off by the app before",
    [event("labeled", "app", 2), event("unlabeled", "app", 31)],
    back,
    "add-label",
  ],
  ["not taken back", [], not, null],
  ["not any more", [event("labeled", "app", 31)], not, "remove-label"],
  ["set by a person for another reason", [event("labeled", "person", 31)], not, null],
  ["off already", [event("labeled", "app", 31), event("unlabeled", "app", 32)], not, null],
  ["not known", [event("labeled", "app", 31)], unknown("GitHub answered 502"), null],
])("%s", (_, labelEvents, rolledBack, expected) => {
  const labels = labelEvents.at(-1)?.event === "labeled" ? ["rolled-back"] : [];
  const actions = planRolledBackLabel({ number: 7, labels, labelEvents }, rolledBack);
  expect(actions).toEqual(expected === null ? [] : [{ type: expected, number: 7, label: "rolled-back" }]);
});
