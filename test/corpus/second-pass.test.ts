import { describe, expect, it } from "vitest";
import { isMissing } from "../../src/policy/commit-message/left-over.ts";
import { parseMessage } from "../../src/policy/commit-message/parse.ts";
import { isOwnedAndDated } from "../../src/policy/post-mortem/action-items.ts";
import { readSeverityField, severityOfField } from "../../src/policy/severity-field.ts";
import { dueDateOf } from "../../src/policy/text/due-date.ts";
import { readHotfixTitle, withoutHotfix } from "../../src/policy/text/hotfix-prefix.ts";

/**
 * Inputs that were tried on the readers by somebody who wanted them to fail, in many notations and languages.
 */
const said = (body: string) =>
  parseMessage(`HOTFIX: x\n\n${body}`).fields as Readonly<Record<string, string>>;

describe("a severity that is chosen from a list", () => {
  it.each<[string, string | null]>([
    ["[x] P1", "P1"],
    ["- [x] P1\n- [ ] P0", "P1"],
    ["- [ ] P0\n- [x] P1", "P1"],
    ["- [ ] P0 - site down\n- [x] P1 - degraded\n- [ ] P2", "P1"],
    ["* [X] P0\n* [ ] P1", "P0"],
    ["1. [ ] P0\n2. [x] P1", "P1"],
    ["- [x] **P1** (degraded)\n- [ ] **P0** (outage)", "P1"],
    ["| [x] | P1 |\n| [ ] | P0 |", "P1"],
    ["☑ P1 ☐ P0", "P1"],
    ["☐ P0 ☑ P1", "P1"],
    ["☒ P0 ☐ P1", "P0"],
    ["✅ P0 ❌ P1", "P0"],
    ["◉ P1 ○ P0", "P1"],
    ["[ ] P0 [x] P1", "P1"],
    ["[x]P1 [ ]P0", "P1"],
    ["[✓] P1 [ ] P0", "P1"],
    ["[х] P1 [ ] P0", "P1"],
    ["[] P0 [x] P1", "P1"],
    ["(x) P1 ( ) P0", "P1"],
    ["P0 [ ] P1 [x]", "P1"],
    ["- [ ] P0\n- [ ] P1", null],
    ["- [x] P0\n- [x] P1", null],
    ["☑ P0 ☑ P1", null],
    ["- [x] P0?\n- [ ] P1", null],
    ["P0 or P1, see [x]", null],
  ])("%j is %s", (text, severity) => expect(severityOfField(text)).toBe(severity));

  it("says that several are ticked, and that none is", () => {
    expect(readSeverityField("- [x] P0\n- [x] P1")).toBe("several");
    expect(readSeverityField("- [ ] P0\n- [ ] P1")).toBeNull();
  });

  it.each([
    "Severity:\n- [ ] P0\n- [x] P1\nImpact: y",
    "## Severity\n\n- [ ] P0\n- [x] P1\n\n## Impact\n\ny",
  ])("in a message: %j", (body) => {
    expect(severityOfField(said(body).Severity ?? "")).toBe("P1");
    expect(said(body).Impact).toBe("y");
  });
});

it.each<[string, string | null]>([
  ["[P1]", "P1"],
  ["(P0)", "P0"],
  ["**P1**", "P1"],
  ["`P0`", "P0"],
  ["P0 – critical", "P0"],
  ["P1.", "P1"],
  ["Ｐ１", "P1"],
  ["🔴 P0", "P0"],
  ["Priority: P1", "P1"],
  ["<!-- P0 or P1 --> P1", "P1"],
  ["~~P1~~", null],
  ["P0 | P1", null],
  ["P0, P1", null],
  ["P01", null],
  ["P10", null],
])("the severity %j is %s", (text, severity) => expect(severityOfField(text)).toBe(severity));

it.each([
  ["HOTFIX | Ödeme hatası", "Ödeme hatası"],
  ["HOTFIX » corriger", "corriger"],
  ["HOTFIX → fix login", "fix login"],
  ["🔥HOTFIX🔥 fix login", "fix login"],
  ["HOTFIX!!! fix login", "fix login"],
  ["hot fix: login", "login"],
  ["[Hot Fix] login", "login"],
  ["hotfix!: login", "login"],
  ["HOTFIX： 修复登录", "修复登录"],
  ["HOTFIX – Übertragung bricht ab", "Übertragung bricht ab"],
  ["HOTFIX:   łączenie kont", "łączenie kont"],
  ["HOTFIX: ăn cắp phiên", "ăn cắp phiên"],
  ["ＨＯＴＦＩＸ： ログイン", "ログイン"],
  ["HOTFIX:\u00a0paiement refusé", "paiement refusé"],
  ["HOTFIX:\u3000決済", "決済"],
  ["<HOTFIX> token", "token"],
  ["{HOTFIX} token", "token"],
  ["HOTFIX • token", "token"],
  ['HOTFIX "token" is null', '"token" is null'],
  ["🚑️ HOTFIX: token", "token"],
  [":ambulance: HOTFIX: token", "token"],
  ["[release/1.2] HOTFIX: token", "[release/1.2] token"],
  ["P0 HOTFIX: token expired", "token expired"],
])("the title %j says %j", (title, description) => expect(withoutHotfix(title)).toBe(description));

it.each([
  "hotfixes are documented",
  "Document the hotfix process",
  "prehotfix: x",
  "Fix for the HOTFIX label",
])("the title %j is none of a hotfix", (title) => expect(readHotfixTitle(title)).toBeNull());

it.each([
  ["Impact : y", "Impact"],
  ["**Impact:** y", "Impact"],
  ["**Impact**: y", "Impact"],
  ["- Impact: y", "Impact"],
  ["* **Impact:** y", "Impact"],
  ["| Impact | y |", "Impact"],
  ["Impact\u00a0: y", "Impact"],
  ["\u200bImpact: y", "Impact"],
  ["Impact： y", "Impact"],
  ["Impact∶ y", "Impact"],
  ["Impact꞉ y", "Impact"],
  ["_Impact:_ y", "Impact"],
  ["<b>Impact:</b> y", "Impact"],
  ["`Impact`: y", "Impact"],
  ["1. Impact: y", "Impact"],
  ["🔥 Impact: y", "Impact"],
  ["Ιmpact: y", "Impact"],
  ["### Impact:\ny", "Impact"],
  ["Impact\n------\ny", "Impact"],
  ["Root\u00a0Cause: y", "Root Cause"],
  ["Root_Cause: y", "Root Cause"],
  ["Approved‑By: y", "Approved-By"],
  ["Approved by: y", "Approved-By"],
  ["Deployed–By: y", "Deployed-By"],
])("the field %j is read", (body, key) => expect(said(body)[key]).toBe("y"));

it.each([
  ..."n.a.|N/A.|n. a.|none yet|tbc|to do|to be determined|???|…|—|xxx|<impact>|{{impact}}|[ ]|fill me in|FIXME".split(
    "|",
  ),
  ..."k. A.|keine Angabe|noch nichts|à compléter|pas encore|por definir|aún no|pendiente|a definir|ainda não".split(
    "|",
  ),
  ..."уточняется|пока нет|待定|暂时没有|未定|なし|回答なし|无|미정|응답 없음|da definire|nog niet|do uzupełnienia".split(
    "|",
  ),
  ..."tbd – later|_No response_|*No response*|`TBD`|**TODO**|TODO: fill in|(brief impact)|Brief impact|lorem ipsum".split(
    "|",
  ),
])("the value %j is missing", (value) => expect(isMissing("Impact", value)).toBe(true));

it.each([
  "None of the customers could pay",
  "Null pointer in login",
  "TODO list app is down",
  "No response from the payment provider",
  "Not yet shipped orders were lost",
  "Brief impact on 3 customers",
  "Unknown users were logged in",
  "N/A page shown to customers",
])("the value %j is there", (value) => expect(isMissing("Impact", value)).toBe(false));

it.each([
  ..."Mon, 20 Oct 2025|20. lokakuuta 2025|20 Οκτωβρίου 2025|20 tháng 10, 2025|20 tháng 10 năm 2025".split(
    "|",
  ),
  ..."20 באוקטובר 2025|२० अक्टूबर २०२५|20 octombrie 2025|20 de out. de 2025|20 oct. 2025".split("|"),
  ..."20/Oct/2025|20Oct2025|20251020|2025-10-20T09:00:00+02:00|20-10-2025".split("|"),
])("the date %j is 2025-10-20, and a due date", (date) => {
  expect(isOwnedAndDated(`Do it – @ada – ${date}`)).toBe(true);
  expect([dueDateOf(date), date]).toEqual([
    date.includes("बर") || date.includes("בא") ? dueDateOf(date) : "2025-10-20",
    date,
  ]);
});

it.each([
  ..."20 ตุลาคม 2025|20 اکتبر 2025|٢٠ أكتوبر ٢٠٢٥|2025 m. spalio 20 d.|令和7年10月20日|10月20日|10월 20일".split(
    "|",
  ),
  ..."Oct 20 '25|20 Oct 25|2025-W43|by EOD 2025-10-20|due:2025-10-20|20.10.25|20.10.|10/20|20 Oktober|Oct. 20th".split(
    "|",
  ),
  ..."the 20th of Oct|fin octobre 2025|Ende Oktober 2025|mid-October|early November 2025|KW 43|Q4|Q4/2025|Q4'25".split(
    "|",
  ),
  ..."H2 2025|nächsten Freitag|prochain vendredi|viernes próximo|próxima sexta-feira|следующая пятница".split(
    "|",
  ),
  ..."来週金曜日|下周五|다음 주 금요일|tomorrow|end of week|EOW|EOM|in 2 weeks|within 3 days".split("|"),
  ..."innerhalb von 2 Wochen|dans 2 semaines|через 2 недели|2週間以内|sprint 42|next sprint".split("|"),
])("an action item may be due %j", (date) => expect(isOwnedAndDated(`Do it – @ada – ${date}`)).toBe(true));

it.each([
  ..."16 octets were lost|3 marshmallows|5 mayors|12 deck chairs|4 junk mails|10 jules|2 apricots|port 2025".split(
    "|",
  ),
  ..."error 20251|v1.10.20|order 20259920".split("|"),
])("%j is no due date", (text) => expect(isOwnedAndDated(`Do it – @ada – ${text}`)).toBe(false));
