import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine, shellWord } from "../../../src/policy/text/shell.ts";

describe("shellWord", () => {
  it("is one word to a shell, whatever the text", () => {
    const part = fc.constantFrom(
      "'",
      '"',
      "`",
      "$(id)",
      "$HOME",
      "\\",
      "!",
      ";",
      "&",
      "*",
      "x",
      " ",
      "-n",
      "é",
      "%s",
    );
    const texts = fc.array(
      fc.array(part).map((parts) => parts.join("")),
      { minLength: 50, maxLength: 100 },
    );
    fc.assert(
      fc.property(texts, (given) => {
        const printed = execFileSync("sh", ["-c", `printf '%s\\n' ${given.map(shellWord).join(" ")}`], {
          encoding: "utf8",
        });
        expect(printed.split("\n").slice(0, -1)).toEqual(given.map(oneLine));
      }),
      { numRuns: 5 },
    );
  });

  it.each([
    ["a\nb\r\nc", "'a b c'"],
    ["a\u001b[31mb\u0000", "'a [31mb'"],
    ["a\u202eb\u200bc\u2028d", "'a b c d'"],
    ["", "''"],
  ])("takes out of %j what a terminal would act on", (text, word) => expect(shellWord(text)).toBe(word));
});
