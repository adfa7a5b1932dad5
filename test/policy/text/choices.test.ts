import { describe, expect, it } from "vitest";
import { ticked } from "../../../src/policy/text/choices.ts";

const of = (text: string): string => ticked(text, /P[0-3]/g);

describe("what is ticked in a list of options", () => {
  it.each([
    ["- [x] P0\n- [ ] P1", "P0"],
    ["- [ ] P0\n- [X] P1 – payments fail\n- [ ] P2", "P1 – payments fail"],
    ["☐ P0 ☑ P1", "P1"],
    ["◉ P0 ○ P1", "P0"],
    ["✗ P0 ✓ P1", "P1"],
    ["(•) P0 ( ) P1", "P0"],
    ["() P0 (x) P1", "P1"],
    ["P0 [ ] P1 [x]", "P1"],
    ["P0 [x] P1 [ ]", "P0"],
    ["P0 | [ ]\nP1 | [✓]", "P1 |"],
    ["- [\u00a0] P0\n- [✔] **P1**", "P1**"],
    ["[x] P0\n[x] P1", "P0\nP1"],
    ["[ ] P0 [ ] P1", ""],
    ["P0 [ ]", ""],
    ["P0 ☑", "P0"],
  ])("%j: %j", (text, chosen) => expect(of(text)).toBe(chosen));

  it.each([
    "P1",
    "P0 or P1",
    "nothing [x]",
    "P0 [ ] P1",
    "[x] P0 P1",
    "[x] restarted, so P1",
    "P0, as the log says [x] P1 [ ]",
    "",
  ])("there is none in %j, which stays as it is", (text) => expect(of(text)).toBe(text));
});
