import { describe, expect, it } from "vitest";
import { markdown } from "../../src/playground/markdown.ts";

const GITHUB = "http://127.0.0.1:4600";
const html = (text: string) => markdown(text, GITHUB);

describe("Markdown in the playground", () => {
  it.each([
    ["a script", "<script>alert(1)</script>"],
    ["a handler", '<img src="x" onerror="alert(1)">'],
    ["a link that runs", "[x](javascript:alert(1))"],
    ["a link that runs, in HTML", '<a href="JaVaScRiPt:alert(1)">x</a>'],
    ["a frame", '<iframe src="https://evil.example"></iframe>'],
    ["a style", "<style>body{display:none}</style><p style='position:fixed'>x</p>"],
    ["a form", '<form action="/act/merge" method="post"><button>x</button></form>'],
    ["a picture with a script in it", '<svg onload="alert(1)"><script>alert(1)</script></svg>'],
  ])("leaves out %s", (_, text) => {
    expect(html(text)).not.toMatch(/script>|javascript:|\son\w+=|<iframe|<style|style=|<form|<button|<svg/i);
  });

  it("keeps what GitHub keeps", () => {
    const text =
      "| a |\n| - |\n| b |\n\n<details><summary>More</summary>\n\n- [x] done\n\n</details>\n\n<!-- hidden -->";
    expect(html(text)).toMatch(/<table[\s\S]*<details><summary>More<\/summary>[\s\S]*type="checkbox"/);
    expect(html(text)).not.toContain("hidden");
  });

  it("cannot take an id of the page", () => {
    expect(html('<a name="main"></a>\n\n[up](#main)')).toMatch(
      /name="user-content-main"[\s\S]*href="#user-content-main"/,
    );
  });

  it("keeps links to the embedded GitHub and to the documentation in the playground", () => {
    expect(html(`[#1](${GITHUB}/kamiyo/api/pull/1)`)).toContain('href="/kamiyo/api/pull/1"');
    expect(
      html("[scope](https://github.com/hotfix-guard/hotfix-guard/blob/v0.1.0/docs/rules/scope.md)"),
    ).toContain('href="/docs/rules/scope.md"');
    expect(html(`[x](${GITHUB}.evil.example/)`)).toContain(`href="${GITHUB}.evil.example/"`);
  });

  it("draws a diagram in a page of its own, which may do nothing else", () => {
    const text = "```mermaid\ngantt\n    title Hotfix 1\n```";
    expect(html(text)).toContain('sandbox="allow-scripts"');
    expect(html(text)).toContain('title="Diagram: Hotfix 1"');
    expect(html(text)).toMatch(/src="\/diagram#gantt%0A/);
  });
});
