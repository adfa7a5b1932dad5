import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneLine, shellPath, shellWord } from "../../../src/policy/text/shell.ts";

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
    ["  a   b ", "'a b'"],
    ["it's", "'it'\\''s'"],
  ])("takes out of %j what a terminal would act on", (text, word) => expect(shellWord(text)).toBe(word));
});

describe("shellPath", () => {
  it.each([
    ["src/a b.ts", "'src/a b.ts'"],
    ["it's  $(id)", "'it'\\''s  $(id)'"],
    ["back\\slash", "'back\\slash'"],
    ["a\nb", "$'a\\x0ab'"],
    ["a\u007fb", "$'a\\x7fb'"],
    ["a\u0080b", "$'a\\U00000080b'"],
    ["it's\\a\u202e", "$'it\\'s\\\\a\\U0000202e'"],
    ["a\u2028b\u2029c", "$'a\\U00002028b\\U00002029c'"],
    ["a\u{e0001}b", "$'a\\U000e0001b'"],
  ])("%j is %s", (path, word) => expect(shellPath(path)).toBe(word));

  it("is the path itself to bash", () => {
    const paths = ["a b", "it's", "a\nb", "it's\\x\u0001", "\u202e", "\u2028", "$HOME", "\u0085"];
    const printed = execFileSync("bash", ["-c", `printf '%s\\0' ${paths.map(shellPath).join(" ")}`], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    expect(printed.split("\0").slice(0, -1)).toEqual(paths);
  });
});
