import { describe, expect, it } from "vitest";
import { runExample } from "../../support/example.ts";

const find = (...lines: string[]) => runExample("checklist", { body: lines.join("\n") });

describe("checklist", () => {
  it.each([
    "- [ ] a",
    "* [ ] a",
    "+ [ ] a",
    "1. [ ] a",
    "2) [ ] a",
    "    - [ ] a",
    "\t- [ ] a",
    "> - [ ] a",
    "-   [ ] a",
    "- [ ] a\r",
  ])("%j is open", (line) => {
    expect(find("- [x] done", line)).toMatchObject({
      state: "violated",
      code: "open",
      data: { open: 1, count: 2, tasks: ["a"] },
    });
  });

  it.each(["- [x] a", "- [X] a", "* [x] a", "1. [x] a"])("%j is ticked", (line) => {
    expect(find(line)).toMatchObject({ state: "satisfied", code: "ok", data: { count: 1 } });
  });

  it.each([
    "",
    "no list",
    "- a",
    "[ ] a",
    "- [ ]",
    "- [] a",
    "- [y] a",
    "- [ ](https://x)",
    "-[ ] a",
    "`- [ ] a`",
    "```\n- [ ] a\n```",
    "~~~md\n- [ ] a\n~~~",
    "<!-- - [ ] a -->",
    "<!--\n- [ ] a\n-->",
  ])("%j is no task", (body) => {
    expect(find(body)).toMatchObject({ state: "not-applicable", code: "no-list" });
  });

  it("reads 1 MB in linear time", () => {
    const started = performance.now();
    for (const piece of ["- [ ] a\n", ">", " ", "- [", "1"]) find(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
