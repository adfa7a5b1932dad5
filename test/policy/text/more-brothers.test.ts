import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { isMissing, isPending } from "../../../src/policy/commit-message/left-over.ts";
import { parseMessage } from "../../../src/policy/commit-message/parse.ts";
import { readReferences } from "../../../src/policy/commit-message/references.ts";
import { completenessOf } from "../../../src/policy/post-mortem/completeness.ts";
import { namesDate } from "../../../src/policy/text/dates.ts";
import { dueDateOf } from "../../../src/policy/text/due-date.ts";
import { readHotfixTitle } from "../../../src/policy/text/hotfix-prefix.ts";
import { snapshot } from "../../support/snapshot.ts";

/** More of what people write, in the languages and notations that no other table has. */

describe("titles", () => {
  it.each([
    ["HOTFIX: पेमेंट विफल", "पेमेंट विफल"],
    ["HOTFIX: แก้บั๊ก", "แก้บั๊ก"],
    ["Hotfix : réparer l’accès", "réparer l’accès"],
    ["hotfix：結帳失敗", "結帳失敗"],
    ["HOTFIX：「結帳」失敗", "「結帳」失敗"],
    ["[Hotfix]로그인 오류", "로그인 오류"],
    ["#hotfix login", "login"],
    ["HOTFIX #12 - login", "#12 - login"],
    ["HOTFIX/PAY-12: login", "PAY-12: login"],
    ["hotfix(#12): login", "login"],
    ["HOTFIX >> login", "login"],
    ["HOTFIX=> login", "login"],
    ["HOTFIX • login", "login"],
    ["HOTFIX, login", "login"],
    ["‼️ HOTFIX ‼️ login", "login"],
    ["⚠️ [HOTFIX] login", "login"],
    ["[P0][HOTFIX] login", "login"],
    ["[HOTFIX][P1] login", "login"],
    ["HOTFIX [prod] login", "[prod] login"],
    ["Hotfix — «вход» не работает", "«вход» не работает"],
    ["HOTFIX: ¿por qué falla?", "¿por qué falla?"],
    ["HOTFIX: @types/node", "@types/node"],
    ["HOTFIX: 50% of users", "50% of users"],
    ["\u202bHOTFIX: תיקון\u202c", "תיקון"],
    ["\u2066HOTFIX\u2069: fix", "fix"],
    ["Emergency hotfix: login", "login"],
    ["HOTFIX:login", "login"],
    ["HOTFIX:\tlogin", "login"],
    ["HOTFIX  :   login", "login"],
  ])("%j: %j", (title, rest) => {
    expect(readHotfixTitle(title)?.description).toBe(rest);
  });
});

describe("due dates, in twelve languages and more notations", () => {
  it.each([
    "20 Οκτωβρίου 2025",
    "20. oktobar 2025",
    "20 tháng 10 năm 2025",
    "20 Oktober 2025",
    "20 okt 2025",
    "20 oct. 2025",
    "20 Oct, 2025",
    "Oct 20 2025",
    "Monday, October 20, 2025",
    "Montag, 20.10.2025",
    "lundi 20 octobre 2025",
    "lunes, 20 de octubre de 2025",
    "понедельник, 20 октября 2025 г.",
    "2025年10月20日(月)",
    "２０２５年１０月２０日",
    "2025년 10월 20일 (월)",
    "20 ott 2025",
    "20.10.2025 г.",
    "20.10.2025 Uhr 12:00",
    "2025-10-20 17:00 UTC",
    "2025-10-20 EOD",
    "by 2025-10-20",
    "due: 2025-10-20",
    "📅 2025-10-20",
    "(2025-10-20)",
    "**2025-10-20**",
    "`2025-10-20`",
    "20/Oct/2025",
    "20251020",
    "20 אוקטובר 2025",
    "20 أكتوبر 2025",
  ])("%j", (text) => {
    expect(namesDate(`Fix it – @jane – ${text}`)).toBe(true);
    expect(dueDateOf(`Fix it – @jane – ${text}`)).toBe("2025-10-20");
  });

  it.each([
    "end of week",
    "EOW",
    "EOM",
    "fin de semana",
    "fin de semaine",
    "Ende der Woche",
    "до конца недели",
    "haftaya",
    "来週末",
    "다음 주",
    "下周五",
    "za tydzień",
    "volgende week",
    "nästa vecka",
    "ensi viikolla",
    "tuần sau",
    "minggu depan",
    "prossima settimana",
    "próxima semana",
    "next sprint",
    "Sprint 42",
    "Q1",
    "H2 2025",
    "KW 43",
    "CW43",
    "W43",
    "in 3 days",
    "within 2 weeks",
  ])("%j is one of no day", (text) => {
    expect(namesDate(`Fix it – @jane – ${text}`)).toBe(true);
    expect(dueDateOf(`Fix it – @jane – ${text}`)).toBeNull();
  });

  it.each([
    "16 octets",
    "may be",
    "march on",
    "3 novices",
    "10 decimals",
    "version 1.2.3",
    "ports 80/443",
    "404 errors",
    "2 of 3 replicas",
    "maybe later",
  ])("%j is none", (text) => {
    expect(dueDateOf(`Fix ${text} – @jane`)).toBeNull();
    expect(namesDate(`Fix ${text} – @jane`)).toBe(false);
  });
});

describe("Fixes", () => {
  const { repository } = snapshot();
  it.each([
    ["Fixes #12", "#12"],
    ["fixes: #12", "#12"],
    ["FIX #12", "#12"],
    ["Fixed: #12", "#12"],
    ["Closes #12.", "#12"],
    ["Closed: #12", "#12"],
    ["Resolves: GH-12", "#12"],
    ["resolve #12", "#12"],
    ["- Fixes #12", "#12"],
    ["**Fixes** #12", "#12"],
    ["**Fixes:** #12", "#12"],
    ["### Fixes\n#12", "#12"],
    ["Fixes：#12", "#12"],
    ["Fixes\u00a0#12", "#12"],
    ["Fixes kamiyo/web#12", "kamiyo/web#12"],
    ["Closes https://github.example/kamiyo/api/issues/12#issuecomment-99", "#12"],
    ["Fixes [#12](https://github.example/kamiyo/api/issues/12)", "#12"],
    ["Fixes #12, closes #13", "#12 #13"],
    ["Fixes #12\nCloses #13", "#12"],
    ["Fixes: #12 (login)", "#12"],
    ["Fixes: №12", "?"],
    ["Fixes: issue #12", "#12"],
    ["Fixes:\n- #12", "#12"],
    ["🐛 Fixes: #12", "#12"],
  ])("%j: %s", (line, expected) => {
    const { fields } = parseMessage(`HOTFIX: x\n\n${line}\nImpact: y`);
    const { fixes } = readReferences(fields.Fixes ?? "", defaultPolicy().commit.issues, repository);
    const short = fixes.map(({ repository: place, number }) => `${place ?? ""}#${number}`).join(" ");
    expect(short === "" ? "?" : short).toBe(expected);
  });
});

describe("nobody, and nothing", () => {
  it.each([
    "pending",
    "Pending approval",
    "TBD (pending)",
    "⏳ pending",
    "ожидается",
    "en attente d’approbation",
    "pendiente de aprobación",
    "pendente de aprovação",
    "承認待ち",
    "승인 대기",
    "待审批",
    "bekleniyor",
    "oczekuje na akceptację",
    "**pending**",
    "(pending)",
    "_pending_",
    "pending…",
    "PENDING",
  ])("Deployed-By: %s", (value) => {
    expect(isPending("Deployed-By", value) || isMissing("Deployed-By", value)).toBe(true);
  });

  it.each(["Jane Pending", "Pendleton", "@pending-bot-fixer", "Waitman Gobble", "オチアイ 承"])(
    "but %s is somebody",
    (value) => {
      if (value !== "@pending-bot-fixer") expect(isPending("Deployed-By", value)).toBe(false);
      expect(isMissing("Deployed-By", value)).toBe(false);
    },
  );
});

describe("post-mortems", () => {
  const body = (heading: (title: string) => string, items: string, answer = "none") =>
    `${["Incident Summary", "Timeline", "Root Cause", "Resolution", "Prevention"]
      .map((title) => `${heading(title)}\n\nText of it.\n\n**Similar incidents:** ${answer}\n`)
      .join("\n")}\n${heading("Action Items")}\n\n${items}\n`;
  const complete = (text: string) =>
    completenessOf({ body: text, ownForm: false, backMerges: {}, reviewOwed: { known: true, value: false } })
      .missing;

  it.each<[string, (title: string) => string]>([
    ["#", (t) => `# ${t}`],
    ["####", (t) => `#### ${t}`],
    ["closed", (t) => `## ${t} ##`],
    ["a colon", (t) => `## ${t}:`],
    ["numbers", (t) => `## 1. ${t}`],
    ["an emoji", (t) => `## 🔥 ${t}`],
    ["bold", (t) => `**${t}**`],
    ["bold with a colon", (t) => `**${t}:**`],
    ["bold in a heading", (t) => `## **${t}**`],
    ["underlined", (t) => `${t}\n=====`],
    ["hyphens", (t) => `## ${t.replace(" ", "-")}`],
    ["upper case", (t) => `## ${t.toUpperCase()}`],
    ["Analysis", (t) => `## ${t} Analysis`],
    ["an anchor of HTML", (t) => `<h2>${t}</h2>`],
    ["a no-break space", (t) => `## ${t.replace(" ", "\u00a0")}`],
    ["a link", (t) => `## [${t}](https://wiki.example/x)`],
    ["no space behind the mark", (t) => `##${t}`],
  ])("headings with %s", (_, heading) => {
    expect(complete(body(heading, "- [ ] Add a test – @jane – 2025-10-20"))).toEqual([]);
  });

  it.each([
    "None: the old system is switched off",
    "- None: the old system is switched off",
    "N/A – the service is gone",
    "Keine: das System ist abgeschaltet",
    "Keine weiteren Maßnahmen.",
    "Aucune action nécessaire.",
    "Ninguna: el sistema está apagado",
    "Nenhuma ação necessária.",
    "Nessuna azione necessaria.",
    "Geen acties nodig.",
    "Brak działań.",
    "Не требуется: система отключена",
    "Нет: система отключена",
    "特になし（旧システムは停止済み）",
    "无需后续行动",
    "- [ ] kamiyo/api#4",
    "- [x] ~~Add a test~~",
    "- ~~Add a test – @jane~~",
    "1. Add a test – @jane – 2025-10-20",
    "* [ ] Add a test (@jane, 2025-10-20)",
    "- [ ] Add a test @jane due 2025-10-20",
    "- [ ] @jane: add a test by Friday",
    "- [ ] Add a test — owner: @jane — due: next week",
    "| Task | Owner | Due |\n| - | - | - |\n| Add a test | @jane | 2025-10-20 |",
    "| Что | Кто | Когда |\n| - | - | - |\n| Тест | @jane | 20.10.2025 |",
    "| 내용 | 담당자 | 기한 |\n| - | - | - |\n| 테스트 | @jane | 10/20 |",
    "- [ ] テスト追加　@jane　10月20日",
    "- [ ] Добавить тест — @jane — до пятницы",
    "- [ ] Testabdeckung, @jane, bis KW 43",
  ])("action items: %j", (items) => {
    expect(complete(body((t) => `## ${t}`, items))).toEqual([]);
  });

  it.each([
    "- [ ] Add a test",
    "- [ ] Add a test – @jane",
    "- [ ] Add a test – 2025-10-20",
    "- [ ] Тест",
    "- none",
    "なし",
    "No action items.",
    "- [ ] TODO",
    "TBD",
    "",
  ])("but not %j", (items) => {
    expect(complete(body((t) => `## ${t}`, items))).not.toEqual([]);
  });

  it.each([
    "none",
    "None.",
    "N/A",
    "no",
    "keine",
    "aucun",
    "ninguno",
    "nenhum",
    "nessuno",
    "brak",
    "нет",
    "なし",
    "없음",
    "无",
    "yok",
    "لا يوجد",
    "אין",
    "geen",
    "inga",
    "ei ole",
    "žádné",
    "không",
    "unknown",
    "unbekannt",
    "inconnu",
    "—none—",
    "0",
    "no similar incidents",
    "-none-",
  ])("an answer is %j", (answer) => {
    expect(complete(body((t) => `## ${t}`, "- [ ] x – @jane – 2025-10-20", answer))).toEqual([]);
  });
});
