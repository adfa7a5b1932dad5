import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import {
  closedIn,
  closingLine,
  numberIn,
  readReferences,
} from "../../../src/policy/commit-message/references.ts";
import { snapshot } from "../../support/snapshot.ts";

const { repository } = snapshot();
const read = (value: string, patterns = defaultPolicy().commit.issues) =>
  readReferences(value, patterns, repository);
/** References in short: `#n`, `owner/name#n`, or the text of an address that is no issue here. */
const short = (value: string, patterns?: readonly string[]) =>
  read(value, patterns).fixes.map(({ repository: place, number, text }) =>
    number === null ? text : `${place ?? ""}#${number}`,
  );

describe("readReferences", () => {
  it.each([
    ["#1234", ["#1234"]],
    ["#1234.", ["#1234"]],
    ["(#1234)", ["#1234"]],
    ["#12/#13", ["#12", "#13"]],
    ["#12和#13", ["#12", "#13"]],
    ["#12，#13", ["#12", "#13"]],
    ["#12 und #13", ["#12", "#13"]],
    ["「#12」", ["#12"]],
    ["_#12_", ["#12"]],
    ["\\#12", ["#12"]],
    ["#12—login", ["#12"]],
    ["#12：登录", ["#12"]],
    ["#１２", ["#12"]],
    ["\u2068#12\u2069", ["#12"]],
    ["https://github.example/kamiyo/api/issues/7.", ["#7"]],
    ["https://github.example/kamiyo/api/issues/7)", ["#7"]],
    ["https://github.example/kamiyo/api/issues/7,", ["#7"]],
    ["Kamiyo/API#7", ["#7"]],
    ["kamiyo/web#7", ["kamiyo/web#7"]],
    ["https://github.example/kamiyo/api/issues/7", ["#7"]],
    ["https://github.example/kamiyo/web/issues/7/", ["kamiyo/web#7"]],
    ["https://github.example/kamiyo/web/issues/7#issuecomment-1", ["kamiyo/web#7"]],
    ["https://github.example/kamiyo/api/pull/7", ["#7"]],
    ["https://other.example/kamiyo/api/issues/7", ["#7"]],
    ["https://gitlab.example/group/project/issues/7", ["https://gitlab.example/group/project/issues/7"]],
    ["https://kamiyo.atlassian.example/browse/PAY-12", ["https://kamiyo.atlassian.example/browse/PAY-12"]],
    ["[#7](https://github.example/kamiyo/api/issues/7)", ["#7"]],
    ["<https://github.example/kamiyo/api/issues/7>", ["#7"]],
    ["#1, #2 and #3", ["#1", "#2", "#3"]],
    ["#2\n#1\n#2", ["#2", "#1"]],
    ["#7 kamiyo/api#7 https://github.example/kamiyo/api/issues/7", ["#7"]],
    ["#1234 - Stripe webhooks are rejected (UTF-8)", ["#1234"]],
    ["#1 and PAY-12", ["#1"]],
    ["GH-12", ["#12"]],
    ["gh-12", ["#12"]],
    ["#12#issuecomment-34", ["#12"]],
    ["kamiyo/web#12#issuecomment-34", ["kamiyo/web#12"]],
    ["https://github.example/kamiyo/api/issues/7?query=x#issuecomment-1", ["#7"]],
    ["https://github.example/kamiyo/api/issues/7/linked", ["#7"]],
    ["github.example/kamiyo/api/issues/7", ["#7"]],
    [
      "https://github.example/orgs/kamiyo/projects/1?pane=issue&itemId=5&issue=kamiyo%7Cweb%7C7",
      ["kamiyo/web#7"],
    ],
    ["＃12", ["#12"]],
    ["#１２", ["#12"]],
    ["#1、#2", ["#1", "#2"]],
    ["#1，#2", ["#1", "#2"]],
    ["**#12**", ["#12"]],
    ["`#12`", ["#12"]],
    ["“#12”", ["#12"]],
    ["«#12»", ["#12"]],
    ["#12!", ["#12"]],
    ["#12\u00a0– Webhooks", ["#12"]],
    ["\u200b#12", ["#12"]],
    ["#12, closes #13", ["#12", "#13"]],
    ["#7 (https://github.example/kamiyo/api/issues/7#issuecomment-1)", ["#7"]],
    ["git.kamiyo.example/kamiyo/api/issues/7", ["#7"]],
    ["https://github.example/orgs/kamiyo/projects/1?issue=kamiyo%7Cweb%7C72", ["kamiyo/web#72"]],
    ["", []],
  ])("reads %j", (value, expected) => {
    expect(short(value)).toEqual(expected);
    expect(read(value).unreadable).toEqual([]);
  });

  it.each([
    ["PAY-12", ["PAY-12"]],
    ["the webhook bug", ["the webhook bug"]],
    ["javascript:alert(1)", ["javascript:alert(1)"]],
    ["http://x", ["http://x"]],
    ["12", ["12"]],
    ["GH-x", ["GH-x"]],
    ["GH-12x", ["GH-12x"]],
    ["high-12", ["high-12"]],
    ["#12#issue-3x", ["#12#issue-3x"]],
    ["x#", ["x#"]],
    ["##12", ["##12"]],
    ["#12-13", ["#12-13"]],
    ["#12a", ["#12a"]],
    ["web#12", ["web#12"]],
    ["&#35;12", ["&#35;12"]],
  ])("cannot read in %j: %j", (value, expected) => expect(read(value).unreadable).toEqual(expected));

  it("takes the forms that the configuration accepts, as a whole", () => {
    expect(short("PAY-12", ["PAY-\\d+"])).toEqual(["PAY-12"]);
    for (const text of ["[PAY-12]", "[PAY-12]..."])
      expect(short(text, ["\\[PAY-\\d+\\]"])).toEqual(["[PAY-12]"]);
    expect(read("PAY-12x #1", ["PAY-\\d+"])).toEqual({ fixes: [], unreadable: ["PAY-12x #1"] });
  });

  it("shows the beginning of a long value that names none", () => {
    expect(read("x ".repeat(300)).unreadable).toEqual(["x ".repeat(100)]);
  });

  it("accepts nothing by an invalid pattern", () => {
    expect(read("#1", ["("])).toEqual({ fixes: [], unreadable: ["#1"] });
  });

  it("looks up ten at most, each as it is written first", () => {
    const all = Array.from({ length: 12 }, (_, i) => `#${i + 1}`);
    expect(short(all.join(" "))).toEqual(all.slice(0, 10));
    expect(read("#7 kamiyo/api#7").fixes).toEqual([{ repository: null, number: 7, text: "#7" }]);
  });

  it("looks up ten at most, and reads 1 MB in linear time", () => {
    const started = performance.now();
    expect(read(Array.from({ length: 100_000 }, (_, i) => `#${i + 1}`).join(" ")).fixes).toHaveLength(10);
    for (const piece of ["(", "#1:", "a/", "https://a/", ".", "#"]) read(piece.repeat(300_000));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

describe("what a text closes, to be proposed", () => {
  it.each(
    "Behebt #12|Schließt #12|Corrige #12|Résout #12|Resuelve #12|Fecha #12|Исправляет #12|Закрывает: #12|修复 #12|修复#12|対応 #12|해결 #12|Düzeltir #12|Naprawia #12|Issue: #12|Ticket #12|this fixes **#12**|closes [#12](x)".split(
      "|",
    ),
  )("%j", (text) => expect(closedIn(`Retry webhooks. ${text}.`)).toBe("#12"));

  it("takes the end of a sentence from it", () => {
    expect(closedIn("It is late. Closes #12...")).toBe("#12");
  });

  it.each(["Retry (#12)", "fixed by #12", "Refs #12", "see #12", "tissue #12"])("not %j", (text) =>
    expect(closedIn(text)).toBeNull(),
  );
});

describe("what a line closes", () => {
  it.each([
    ["Fixes #12", "#12"],
    ["closes: kamiyo/web#7", "kamiyo/web#7"],
    ["- Resolves #12", "#12"],
    ["-   Resolves #12", "#12"],
    ["1.  Fixes #12", "#12"],
    ["10. Fixes #12", "#12"],
    ["- [x]  Fixes #12", "#12"],
    ["##   Fixes #12", "#12"],
    ["**Fixes** #12", "#12"],
    ["(fixes #12)", "#12)"],
    ["It fixes #12", null],
    ["now - fixes #12", null],
    ["Fixes nothing", null],
  ])("%s: %s", (line, closes) => expect(closingLine(line)).toBe(closes));
});

describe("the number in a value that is no reference", () => {
  it.each([
    ["Issue 12", "#12"],
    ["12", "#12"],
    ["12 is back", "#12"],
    ["12a", null],
    ["v1.12", null],
    ["PAY-12", null],
    ["2025-10-14", null],
    ["none", null],
    [`${"x ".repeat(2_000)}12`, null],
  ])("%s: %s", (value, number) => expect(numberIn(value)).toBe(number));
});
