import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHotfixTitle, withoutHotfix } from "../../../src/policy/text/hotfix-prefix.ts";
import { anyCharacter } from "../../support/any-text.ts";

describe("the word that says hotfix", () => {
  it.each([
    ["HOTFIX: x", "x"],
    ["HOTFIX x", "x"],
    ["HOTFIX", ""],
    ["HOTFIX:", ""],
    ["Hotfix: исправить вход", "исправить вход"],
    ["hotfix: 로그아웃 에러 수정", "로그아웃 에러 수정"],
    ["Hotfix: Änderung", "Änderung"],
    ["HOTFIX:à la carte", "à la carte"],
    ["HOTFIX: एक त्रुटि ठीक करें", "एक त्रुटि ठीक करें"],
    ["HOTFIX: แก้ไขการเข้าสู่ระบบ", "แก้ไขการเข้าสู่ระบบ"],
    ["HOTFIX: إصلاح تسجيل الدخول", "إصلاح تسجيل الدخول"],
    ["\u200fHOTFIX: תיקון כניסה", "תיקון כניסה"],
    ["HOTFIX: e\u0301te\u0301", "e\u0301te\u0301"],
    ["hotfix(payments): reject x", "reject x"],
    ["hotfix(платежи): отклонить", "отклонить"],
    ["hotfix(api)!: y", "y"],
    ["hotfix[api]: y", "y"],
    ["HOTFIX (P0): x", "x"],
    ["HOTFIX P1: x", "x"],
    ["HOTFIX [P0]: x", "x"],
    ["Hotfix P1 - x", "x"],
    ["Hotfix #12: x", "#12: x"],
    ["Hotfix PAY-12: x", "PAY-12: x"],
    ["Hotfix v2.3.1 – x", "v2.3.1 – x"],
    ["HOTFIX. x", "x"],
    ["[HOTFIX][PAY-12] x", "[PAY-12] x"],
    ["[PAY-12][HOTFIX] x", "[PAY-12] x"],
    ["[PAY-12] HOTFIX: x", "[PAY-12] x"],
    ["PAY-12: hotfix: x", "PAY-12: x"],
    ["[HOTFIX]: x", "x"],
    ["(hotfix) x", "x"],
    ["【HOTFIX】ログイン", "ログイン"],
    ["«Hotfix» вход", "вход"],
    ["**HOTFIX** x", "x"],
    ["`hotfix` x", "x"],
    ["Hotfix: /health returns 500", "/health returns 500"],
    ["HOTFIX: #12 x", "#12 x"],
    ["HOTFIX: -1 is returned", "-1 is returned"],
    ["HOTFIX: $HOME is empty", "$HOME is empty"],
    ["HOTFIX €5 are taken twice", "€5 are taken twice"],
    ["🚨 HOTFIX: x", "x"],
    ["🚨HOTFIX🚨 db down", "db down"],
    ["HOTFIX: 🔥 x", "🔥 x"],
    ["👩‍🚒 hotfix: x", "x"],
    ["HOTFIX：修复登录", "修复登录"],
    ["ＨＯＴＦＩＸ：全角", "全角"],
    ["HOTFIX\u00a0: corriger", "corriger"],
    ["HOTFIX :\u202fcorriger", "corriger"],
    ["HOT\u200bFIX: a", "a"],
    ["\ufeffHOTFIX: a", "a"],
    ["hotfix - x", "x"],
    ["Hotfix – x", "x"],
    ["HOTFIX — x", "x"],
    ["hotfix | x", "x"],
    ["Hot-fix: x", "x"],
    ["hot fix: x", "x"],
    ["HOTFIX!: x", "x"],
    ["HOTFIX: hotfix: x", "x"],
    ["Хотфикс: вход", "вход"],
    ["핫픽스: 로그인", "로그인"],
    ["ホットフィックス：支払い", "支払い"],
    ["热修复：登录", "登录"],
    ["HOTFIX-12 x", "HOTFIX-12 x"],
    ["[HOTFIX/PAY-12] Rejeter les doublons", "[PAY-12] Rejeter les doublons"],
    ["[hotfix: api] x", "[api] x"],
    ["[HOTFIX api] x", "[api] x"],
    ["[BE][HOTFIX] 로그인 수정", "[BE] 로그인 수정"],
    ["[API] HOTFIX: x", "[API] x"],
    ["[release/1.x] [HOTFIX] x", "[release/1.x] x"],
    ["v1.2.3: HOTFIX: x", "v1.2.3: x"],
    ["hotfix[PAY-12] x", "[PAY-12] x"],
    ["[ HOTFIX ] x", "x"],
    ["[hotfix ]x", "x"],
    ["〖hotfix〗x", "x"],
    ["［HOTFIX］ログイン", "ログイン"],
    [":ambulance: HOTFIX: x", "x"],
    [":fire: hotfix(api): x", "x"],
    ["🔥🔥🔥 HOTFIX 🔥🔥🔥 x", "x"],
    ["--- HOTFIX --- x", "x"],
    ["P0 HOTFIX: x", "x"],
    ["URGENT HOTFIX: x", "x"],
    ["[URGENT][HOTFIX] x", "x"],
    ["【緊急】HOTFIX: ログイン", "ログイン"],
    ["WIP: HOTFIX: x", "x"],
    ["[WIP] hotfix: x", "x"],
    ["Draft: Hotfix: Umlaute", "Umlaute"],
    ["Dringend: HOTFIX: x", "x"],
    ["hotfix -> login", "login"],
    ["hotfix ➜ login", "login"],
    ["hotfix ~ login", "login"],
    ["hotfix; login", "login"],
    ["hotfix・ログイン", "ログイン"],
    ["HOTFIX:: x", "x"],
    ["HOTFİX: giriş", "giriş"],
    ["hotfıx: giriş", "giriş"],
    ["Хот-фикс: вход", "вход"],
    ["Хотфікс: вхід", "вхід"],
    ["[Хотфикс] вход", "вход"],
    ["Correctif urgent : connexion", "connexion"],
    ["Corrección urgente: x", "x"],
    ["Correção urgente: x", "x"],
    ["긴급 수정: 로그인", "로그인"],
    ["【紧急修复】登录", "登录"],
    ["ホットフィクス：ログイン", "ログイン"],
    ["Acil düzeltme: giriş", "giriş"],
    ["إصلاح عاجل: الدخول", "الدخول"],
    ["#hotfix x", "x"],
    ["[PAY-12] [BE] [HOTFIX] x", "[PAY-12][BE] x"],
    ["PAY-12 #7 HOTFIX: x", "PAY-12 #7 x"],
    ["HOTFIX: x \u200e \u200f", "x"],
    ["HOTFIX: \u200f\u200f x", "x"],
    [`HOTFIX: ${"x".repeat(400)}`, "x".repeat(400)],
    ["🚨#hotfix x", "x"],
    [`${"🔥".repeat(30)}HOTFIX: x`, "x"],
  ])("is read in %j: %j", (title, rest) => {
    expect(readHotfixTitle(title)).toEqual({ description: rest, fromBranch: false });
  });

  it("is read in the title that GitHub makes of a branch, which says no more than the branch", () => {
    expect(readHotfixTitle("Hotfix/login loop")).toEqual({ description: "login loop", fromBranch: true });
  });

  it.each([
    "hotfix procedure",
    "Hotfix for it",
    "hotfixes: a",
    "HOTFIXED it",
    "HOTFIXÄ",
    "Hotfixing: x",
    'Revert "HOTFIX: Fix it"',
    "fix: HOTFIX",
    "[docs] hotfix: x",
    "[hotfix-guard] Bump vitest",
    '"hotfix" label is created twice',
    "Production hotfix procedure",
    "PROD-12 retries",
    "Hotfix für die Anmeldung",
    "feat(hotfix): x",
    "Merge hotfix/x into develop (#12)",
    "SHOTFIX: x",
    "api#hotfix x",
    `${"🔥".repeat(31)}HOTFIX: x`,
    "Document HOTFIX: x",
    "исправить вход",
    "",
  ])("is not read in %j", (title) => {
    expect(readHotfixTitle(title)).toBeNull();
    expect(withoutHotfix(title)).toBe(title);
  });

  it("takes nothing from the text behind it, whatever it begins with", () => {
    const text = fc
      .string({ unit: anyCharacter, maxLength: 100 })
      .map((rest) => `x${rest}`.trim())
      .filter((rest) => !rest.includes("\n"));
    fc.assert(
      fc.property(text, (rest) => {
        expect(withoutHotfix(`Hotfix: ${rest}`)).toBe(rest);
      }),
    );
  });

  it("takes 1 MB in linear time", () => {
    const started = performance.now();
    for (const piece of ["hot", "[", "(", "HOTFIX(", "[1]", "a-1", "\u200b", " ", "hotfix: "])
      readHotfixTitle(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
