import { describe, expect, it } from "vitest";
import { openActionItems } from "../../../src/policy/post-mortem/open-items.ts";

const open = (text: string) => openActionItems(`## Action Items\n${text}`).map((item) => item.text);

describe("action items that are still open", () => {
  it.each<[string, string, readonly string[]]>([
    ["an empty box, and none", "- [ ] a\n- b\n- [x] c\n1. [X] d", ["a", "b"]],
    ["a ticked item's lines", "- [x] a\n  more\n  - [ ] below\n\tand more\n- [ ] b", ["b"]],
    ["a ticked step of an item", "- [ ] a\n  - [x] below", ["a - [x] below"]],
    ["ticked, with two spaces in it", "- [ ] a\n- [x] done  it", ["a"]],
    ["ticked, a space from the margin", " - [x] a", []],
    ["ticked, two spaces from the margin", "  - [x] a\n  - [ ] b", ["b"]],
    ["a remark behind a ticked list", "- [x] a\n\nAll done by @jane, 2025-10-20", []],
    ["no list", "  Add the alert", ["Add the alert"]],
    ["nobody has filled in", "- [ ] _TODO: what, who, by when_\n- [ ] b", ["b"]],
  ])("%s", (_, text, items) => expect(open(text)).toEqual(items));

  it("with their owners, each once, and their day; of a long text what stands at its beginning", () => {
    const [first, second] = openActionItems(
      `## Next steps\n\n- [ ] a @jane @john @jane – @acme/payments – 2025-10-20\n- [ ] ${"x ".repeat(1_500)} @jane`,
    );
    expect(first).toMatchObject({ owners: ["jane", "john"], due: "2025-10-20" });
    expect(second).toEqual({ text: "x ".repeat(1_000), owners: [], due: null });
  });
});
