import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heading, html, inline, link, list, markdown, p, table } from "../../../src/render/text/markdown.ts";
import { fill } from "../../../src/render/text/message.ts";
import {
  code,
  codeBlock,
  cut,
  mermaidLabel,
  oneLine,
  paragraphs,
  prose,
  titleText,
} from "../../../src/render/text/neutralize.ts";
import { all, dangers, nasty, parse } from "../nasty.ts";

const RUNS = { numRuns: 400 };
const URL = "https://github.example/kamiyo/api/pull/42";

describe("foreign text changes nothing but the place it stands in", () => {
  it("in a cell: the table keeps its rows and columns, and the rest of the document is the same to the byte", () => {
    const before = [heading(2, "Before"), p("First.")];
    const after = [p("Last."), list([["an item"]]), html("<!-- hotfix-guard:status kamiyo/api#42 -->")];
    const row = (a: string, b: string) => [
      code(a),
      prose(b),
      inline("said ", code(a), ", not ", code(b), "."),
    ];
    fc.assert(
      fc.property(nasty, nasty, nasty, (a, b, c) => {
        const text = markdown([
          ...before,
          table(["a", "b", "c"], [row(a, b), row(b, c), row("x", a)]),
          ...after,
        ]);
        const root = parse(text);
        expect(root.children.map((n) => n.type)).toEqual([
          "heading",
          "paragraph",
          "table",
          "paragraph",
          "list",
          "html",
        ]);
        expect(all(root, "tableRow").map((r) => r.children.length)).toEqual([3, 3, 3, 3]);
        expect(text.startsWith(markdown(before))).toBe(true);
        expect(text.endsWith(markdown(after))).toBe(true);
        expect(text.split("<!--")).toHaveLength(2);
        expect(all(root, "link")).toEqual([]);
        expect(all(root, "image")).toEqual([]);
        expect(all(root, "html")).toHaveLength(1);
        expect(dangers(root)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("in a paragraph, a list, a heading, a link and a block of code", () => {
    fc.assert(
      fc.property(nasty, nasty, (a, b) => {
        const nodes = [
          heading(2, "About ", prose(a)),
          ...paragraphs(b).map((children) => p(children)),
          list([[prose(a)], ["Field: ", prose(b)]], false),
          p(link(URL, prose(a)), " and ", link(URL, code(b))),
          codeBlock(a, "sh"),
          codeBlock(b),
          p(...fill("{a}{b} of @{a} on {list}; see `{b}`.", { a, b, list: [a, b] })),
        ];
        const root = parse(markdown(nodes));
        expect(root.children.map((n) => n.type)).toEqual(nodes.map((n) => n.type));
        expect(all(root, "html")).toEqual([]);
        expect(all(root, "image")).toEqual([]);
        expect(all(root, "footnoteReference")).toEqual([]);
        expect(all(root, "definition")).toEqual([]);
        expect(all(root, "listItem").map((item) => item.checked)).toEqual([false, false]);
        expect(all(root, "link").map((l) => l.url)).toEqual([URL, URL]);
        expect(dangers(root)).toEqual([]);
        expect(all(root, "code").map((c) => c.lang ?? null)).toEqual(["sh", null]);
      }),
      RUNS,
    );
  });

  it("code shows the text as it is", () => {
    const text = "@org/everyone | `x` <img> --> #1 \\";
    const root = parse(markdown([table(["a"], [[code(text)]])]));
    expect(all(root, "inlineCode").map((c) => c.value)).toEqual([text]);
  });

  it("reads as prose where it is harmless", () => {
    const text = "Payment webhooks failing (50%, since Monday): revenue impact!";
    expect(markdown([p(prose(text))])).toBe(`${text}\n`);
    expect(markdown([p(prose("Ask @jane about #12, now"))])).toBe("Ask `@jane` about `#12`, now\n");
    expect(markdown([p(prose("Reported (see #12) by a_b()."))])).toBe("Reported (see `#12`) by `a_b()`.\n");
  });
});

describe("what is invisible is shown", () => {
  it.each([
    ["a\u202eb", "a⟨U+202E⟩b"],
    ["a\0b", "a⟨U+0000⟩b"],
    ["a\u200bb", "a⟨U+200B⟩b"],
    ["\ud800", "⟨U+D800⟩"],
    ["a\u{e0041}b", "a⟨U+E0041⟩b"],
    ["a\r\n\tb\u00a0c", "a b c"],
    ["👩‍👩‍👧 ❤️", "👩‍👩‍👧 ❤️"],
    ["می‌خواهم", "می⟨U+200C⟩خواهم"],
    ["\u200b".repeat(50), `${"⟨U+200B⟩".repeat(4)}⟨and 46 more⟩`],
  ])("%j", (text, shown) => expect(oneLine(text)).toBe(shown));

  it("stacks of combining marks are cut", () => {
    expect(oneLine(`e${"\u0301".repeat(100)}`)).toBe(`e${"\u0301".repeat(4)}`);
  });
});

describe("cutting", () => {
  it("leaves a visible mark with the length of the whole", () => {
    expect(cut("abcdef", 3)).toBe("abc … (cut, 6 characters in all)");
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("a😀b", 2)).toBe("a … (cut, 4 characters in all)");
    expect(oneLine("x".repeat(100_000))).toBe(`${"x".repeat(300)} … (cut, 100000 characters in all)`);
    expect(oneLine(" ".repeat(100_000))).toContain("cut, 100000");
  });

  it("a megabyte of anything takes no time and no room", () => {
    const started = performance.now();
    for (const piece of ["@a ", "|", "`", "\u202e", "<!--", ":a", "a-", "0", "\u0301", "\n", "\\", "﷽"]) {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      const all = [code(text), ...prose(text), ...paragraphs(text).flat()];
      const whole = markdown([p(all), table(["a"], [[code(text)]]), codeBlock(text)]);
      expect(Buffer.byteLength(whole)).toBeLessThan(120_000);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("other places", () => {
  it("a title mentions nobody and refers to nothing", () => {
    expect(titleText("Fix @jane's #12\n")).toBe("Fix @\u2060jane's #\u206012");
  });

  it("a Mermaid label holds nothing that Mermaid reads", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(mermaidLabel(text)).toMatch(/^[\p{L}\p{M}\p{N} ,.()/+-]+$/u);
      }),
    );
  });
});
