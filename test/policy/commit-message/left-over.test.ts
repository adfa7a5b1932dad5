import { describe, expect, it } from "vitest";
import type { Field } from "../../../src/policy/commit-message/fields.ts";
import { isLeftOver, isMissing } from "../../../src/policy/commit-message/left-over.ts";

describe("isLeftOver", () => {
  it.each([
    "",
    "   ",
    "-",
    "--",
    "—",
    "...",
    "…",
    "?",
    "👍",
    "[Brief impact]",
    "[Brief cause]",
    "[ brief solution ]",
    "[Manager name]",
    "[anything in brackets]",
    "<reason>",
    "{reason}",
    "{{ reason }}",
    "#[issue-number]",
    "P0/P1",
    "P0 / P1",
    "p0 or p1",
    "TBD",
    "tbd.",
    "TBA",
    "TODO",
    "todo!",
    "to do",
    "To be determined",
    "FIXME",
    "N/A",
    "n/a",
    "NA",
    "none",
    "None.",
    "null",
    "xxx",
    "pending",
    "**TBD**",
    "`TODO`",
    "<!-- what was broken -->",
    "<!-- what was broken\nfor whom -->",
    "TBD <!-- fill in -->",
    "Local tests. [Testing performed]",
    "not\napplicable",
    "[anything in brackets] <!-- whom? -->",
    "-".repeat(300),
    ..."T.B.D.|fill me in|Please fill in|to be completed|To be added.|TBD by Friday|TBD (Jane)|TBD @jane|TODO(jane): x|Insert the impact here".split(
      "|",
    ),
    ..."noch offen|folgt|wird nachgereicht|bitte ausfüllen|entfällt|k. A.|Keine".split("|"),
    ..."à compléter|À définir|a completer|sans objet|néant|aucune".split("|"),
    ..."por completar|Por definir|pendiente|no aplica|a preencher|pendente|não se aplica|nenhum".split("|"),
    ..."da compilare|in te vullen|do uzupełnienia|nie dotyczy|brak".split("|"),
    ..."заполнить|уточняется|будет дополнено|не применимо|нет|н/д".split("|"),
    ..."待补充|（待填写）|待定|暂无|不适用|無|記入予定".split("|"),
    ..."特になし|【未記入】|작성 예정|미정|해당 없음|없음".split("|"),
    ..."doldurulacak|Belirlenecek.|yok|يُحدد لاحقًا|لا ينطبق".split("|"),
  ])("takes %j for no answer", (value) => expect(isLeftOver(value)).toBe(true));

  it.each([
    "P1",
    // Two severities are told once, by the rule severity.
    "P0 → P1",
    "P0 -> P1",
    "P0 P1",
    "#1234",
    "[#1234](https://github.com/kamiyo/api/issues/1234)",
    "<https://github.com/kamiyo/api/issues/1234>",
    "<john@kamiyo.example>",
    "[ABC-123]",
    "unknown, being looked into",
    "No users could log in",
    "None of the webhooks was processed",
    "Todo list did not load",
    "TBD was shown in place of the price",
    "N/A was shown",
    "pending payments were lost",
    "TBD shown as price",
    "Keine Anmeldung war möglich",
    "Aucune commande n'est passée",
    "Ningún pago se procesó",
    "Нет доступа к кабинету",
    "无法登录",
    "なしでは動かない",
    "없음으로 표시됨",
    "yoklama ekranı açılmıyor",
    "Folgt der Anmeldung ein Fehler",
    "调查中",
    "支払いが失敗",
    "Local + Staging",
    "The list [a] and [b] was empty",
    "- unit tests\n- staging",
    "<!-- how? -->\n```\nnpm test\n```",
    // Longer than any template's.
    `[${"no shop could take orders ".repeat(10)}]`,
  ])("takes %j for an answer", (value) => expect(isLeftOver(value)).toBe(false));

  it("takes long texts in linear time", () => {
    const started = performance.now();
    for (const piece of ["[", "<!--", "x ", "-", "{", "`"]) isLeftOver(piece.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

describe("isMissing", () => {
  it.each<[Field, string | undefined, boolean]>([
    ["Impact", undefined, true],
    ["Impact", "pending", true],
    ["Approved-By", "pending", false],
    ["Approved-By", "Pending (asked in #incidents)", false],
    ["Deployed-By", "[pending]", false],
    ["Approved-By", "[Manager name]", true],
    ["Deployed-By", "TBD", true],
    ["Tested", "pending", true],
    ["Scope", "none", true],
    ["Deployed-By", "wartet auf Freigabe", false],
    ["Approved-By", "待审批", false],
    ["Approved-By", "승인 대기", false],
    ["Deployed-By", "onay bekliyor", false],
    ["Impact", "待审批", false],
  ])("%s: %j: %j", (field, value, missing) => expect(isMissing(field, value)).toBe(missing));
});
