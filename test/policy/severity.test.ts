import { describe, expect, it } from "vitest";
import { readHotfixCommit } from "../../src/policy/commit-message/hotfix-commit.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import { readSeverity, severityOfField } from "../../src/policy/severity.ts";
import { policyOf } from "../support/example.ts";
import { commit, snapshot } from "../support/snapshot.ts";

const policy = policyOf({});
const read = (labels: readonly string[], field: string | null) => {
  const message = field === null ? "HOTFIX: x" : `HOTFIX: x\n\nSeverity: ${field}`;
  const facts = snapshot({ pr: { labels }, commits: known([commit({ message })]) });
  const fact = readSeverity(facts, policy, readHotfixCommit(facts, policy));
  if (!fact.known) throw new Error(fact.reason);
  return fact.value;
};

describe("severityOfField", () => {
  it.each([
    ["P0", "P0"],
    ["p1", "P1"],
    ["P1 - High", "P1"],
    ["P1 (High)", "P1"],
    ["P1, payments are down", "P1"],
    ["**P1**", "P1"],
    ["[P1]", "P1"],
    ["P1 (was P2 before)", "P1"],
    ["P1\n", "P1"],
    ["P3", "P3"],
    ["", null],
    ["P0/P1", null],
    ["P0 → 1", null],
    ["P0 -> Sev1", null],
    ["P0 > 1", null],
    ["P0 oder 1", null],
    ["P0 или 1", null],
    ["P0, 1", null],
    ["P0~1", null],
    ["P0 & 1", null],
    ["P0\\1", null],
    ["P0 (tbc)", null],
    ["P0 TBD", null],
    ["P0 (pending triage)", null],
    ["P0 (?)", null],
    ["P0 – unklar", null],
    ["P0 要確認", null],
    ["kein P0", null],
    ["non è P0", null],
    ["P1 (ex P0)", null],
    ["- [ ] P0\n- [x] P1", null],
    ["P1: pending orders fail", "P1"],
    ["P1 – unclear totals in carts", "P1"],
    ["P1 > 2 regions down", "P1"],
    ["P1, 3 of 4 shops", "P1"],
    ["P1 – 2 of 3 regions", "P1"],
    ["P1 (zuvor P0)", "P1"],
    ["P1（旧P0）", "P1"],
    ["критический (P0)", "P0"],
    ["Kritisch (P0)", "P0"],
    ["Priorität: P1", "P1"],
    ["Alta (P1)", "P1"],
    ["緊急 P0", "P0"],
    ["优先级：P1", "P1"],
    ["심각도: P0", "P0"],
    ["Ｐ１", "P1"],
    ["P0 / P1", null],
    ["P0|P1", null],
    ["P0 or P1", null],
    ["P0, P1", null],
    ["P0-P1", null],
    ["P0 – P1", null],
    ["P4", null],
    ["P10", null],
    ["P1x", null],
    ["High", null],
    ["not P1", null],
    ["Р1 with a Cyrillic letter", null],
    // Two different ones are none.
    ["P0 → P1", null],
    ["P0 -> P1", null],
    ["P0=>P1", null],
    ["P0 ➜ P1", null],
    ["P0 until 10:40, then P1", null],
    ["P0? P1?", null],
    ["P0 (P1)", null],
    ["P0 (P1 since 10:40)", null],
    ["P0 (later P1)", null],
    ["P0 (was P1, now P1)", null],
    ["P1 (was P0) → P0", null],
    ["(was P1) P0 P1", null],
    ["P1, was P0", null],
    ["P0\nP1", null],
    ["P0\n\nLater: P1", null],
    ["P0 ~~P1~~", null],
    ["~~P0~~ P1", null],
    ["P0/1", null],
    ["P0-1", null],
    ["P0..P1", null],
    ["P0 or 1", null],
    ["P0 bis 10:40, dann P1", null],
    ["P0、P1", null],
    ["P0；後にP1", null],
    ["Ｐ０→Ｐ１", null],
    ["P0 (was P1) (P1)", null],
    ["P0 formerly P1", null],
    ["P0?", null],
    ["**P0**?", null],
    ["no P0", null],
    ["was P0", null],
    ["~P0 is wrong, it is P1", null],
    // The same one twice is one, and what it was may stand in brackets behind it.
    ["P0 (P0 = outage)", "P0"],
    ["P1 (was P0)", "P1"],
    ["P1 [was P0]", "P1"],
    ["P1 (was P0 until 10:40)", "P1"],
    ["P1 (previously P2)", "P1"],
    ["P1 – high (was P0)", "P1"],
    ["Ｐ１", "P1"],
    ["P1\u00a0– élevée", "P1"],
    ["Critical (P0)", "P0"],
    ["🔴 P0", "P0"],
    ["High - P1", "P1"],
    ["P1：高", "P1"],
    ["P1 - 2 hours", "P1"],
    ["P1-high", "P1"],
    // In other languages.
    ["Sehr hoch (P0)", "P0"],
    ["très critique : P0", "P0"],
    ["Krytyczny (P0)", "P0"],
    ["Wysoki priorytet – P1", "P1"],
    ["Kritik (P0)", "P0"],
    ["Yüksek – P1", "P1"],
    ["خطورة عالية: P1", "P1"],
    ["Высокая – P1", "P1"],
    ["严重程度：P0", "P0"],
    ["P0级", "P0"],
    ["緊急度：P0", "P0"],
    ["긴급(P0)", "P0"],
    ["Blocker, P0", "P0"],
    ["P1, 2 of 3 nodes", "P1"],
    // Not settled, above, below, about.
    ["P0 or lower", null],
    ["P0 oder höher", null],
    ["P1+", null],
    ["≥P1", null],
    ["<P1", null],
    ["~P1", null],
    ["P1-ish", null],
    ["P1.5", null],
    ["P0 oder?", null],
    ["P0 / TBD", null],
    ["P0か1", null],
    ["P0 veya 1", null],
    ["P1 (TBC by Jane)", null],
    ["P1 - needs confirmation", null],
    ["P1 (provisional)", null],
    ["P1 (vorläufig, bis Jana da ist)", null],
    ["P1 (zu bestätigen)", null],
    ["P1 (à confirmer avec Jean)", null],
    ["P1 (предварительно)", null],
    ["P1 (do potwierdzenia)", null],
    ["P1 (geçici)", null],
    ["P1（仮）", null],
    ["P1（暂定）", null],
    ["P1 (미확정)", null],
    ["P1, I think", null],
    ["P1 (assumed)", null],
  ])("%j: %j", (value, expected) => expect(severityOfField(value)).toBe(expected));
});

describe("readSeverity", () => {
  it.each<[string, readonly string[], string | null, ReturnType<typeof read>]>([
    [
      "label and field agree",
      ["severity:P1"],
      "P1 - High",
      { severity: "P1", labels: ["P1"], field: "P1", labelToSet: null },
    ],
    [
      "only a label",
      ["severity:P0", "bug"],
      null,
      { severity: "P0", labels: ["P0"], field: null, labelToSet: null },
    ],
    [
      "only a field: the app sets the label",
      [],
      "P1",
      { severity: "P1", labels: [], field: "P1", labelToSet: "severity:P1" },
    ],
    [
      "label in other case",
      ["Severity:p1"],
      "P1",
      { severity: "P1", labels: ["P1"], field: "P1", labelToSet: null },
    ],
    [
      "label and field contradict each other",
      ["severity:P1"],
      "P0",
      { severity: null, labels: ["P1"], field: "P0", labelToSet: null },
    ],
    [
      "two labels, also where the field agrees with one",
      ["severity:P1", "severity:P0"],
      "P0",
      { severity: null, labels: ["P0", "P1"], field: "P0", labelToSet: null },
    ],
    [
      "neither",
      ["severity", "severity:P4", "P1"],
      null,
      { severity: null, labels: [], field: null, labelToSet: null },
    ],
    ["a field left open", [], "P0/P1", { severity: null, labels: [], field: null, labelToSet: null }],
  ])("%s", (_, labels, field, expected) => expect(read(labels, field)).toEqual(expected));

  it("is unknown while the deployment message is: the field could contradict the label", () => {
    expect(readSeverity(snapshot(), policy, unknown("the commits"))).toEqual(unknown("the commits"));
  });

  it("goes by the label where there is no message", () => {
    expect(readSeverity(snapshot(), policy, known(null))).toMatchObject({ value: { severity: "P1" } });
  });
});
