import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Command, parseCommand } from "../../src/policy/command.ts";

const only = (command: object) => ({ ...command, further: 0 });

describe("parseCommand", () => {
  const cases: readonly (readonly [name: string, body: string, expected: object | null])[] = [
    ["no command", "looks good to me", null],
    ["an empty body", "", null],
    ["help", "/hotfix help", only({ kind: "help" })],
    ["nothing after it", "/hotfix", only({ kind: "help" })],
    ["recheck with words after it", "/hotfix recheck please", only({ kind: "recheck" })],
    ["verified", "/hotfix verified", only({ kind: "verified" })],
    ["rollback", "/hotfix rollback", only({ kind: "rollback" })],
    ["case", "/HotFix ReCheck", only({ kind: "recheck" })],
    ["CRLF", "It hangs.\r\n\r\n/hotfix recheck\r\nThanks", only({ kind: "recheck" })],
    ["in the middle of a paragraph", "It hangs.\n/hotfix recheck", null],
    ["three spaces", "   /hotfix recheck", only({ kind: "recheck" })],
    ["a right-to-left mark before it", "\u200f/hotfix recheck", only({ kind: "recheck" })],
    ["NUL in the word", "/hotfix re\0check", only({ kind: "recheck" })],
    ["tab and no-break space", "/hotfix\t\u00a0recheck", only({ kind: "recheck" })],
    ["another word", "/hotfixes recheck", null],
    ["within a sentence", "write /hotfix recheck to see", null],
    ["indented code", "    /hotfix recheck", null],
    ["a quote", "> /hotfix recheck", null],
    ["a fence", "```\n/hotfix recheck\n```", null],
    ["a fence with an info string", "```sh\n/hotfix recheck\n```", null],
    ["a fence of tildes", "~~~\n/hotfix recheck\n~~~", null],
    ["a fence that is never closed", "```\n/hotfix recheck", null],
    ["a fence that a shorter one does not close", "````\n```\n/hotfix recheck\n````", null],
    ["a fence that other marks do not close", "```\n~~~\n/hotfix recheck\n```", null],
    ["a fence in a list", "- ```\n  /hotfix recheck\n  ```", null],
    ["inline code of three marks", "```x```\n\n/hotfix recheck", only({ kind: "recheck" })],
    ["after a fence", "```\nx\n```\n/hotfix recheck", only({ kind: "recheck" })],
    ["hidden in an HTML comment", "fine <!--\n/hotfix override scope because\n-->", null],
    ["after a quoted HTML comment", "> <!--\n\n/hotfix recheck", only({ kind: "recheck" })],
    ["after an HTML comment", "<!-- a -->\n\n/hotfix recheck", only({ kind: "recheck" })],
    ["after an HTML comment that hides it", "<!-- a --> <!--\n-->\n\n/hotfix recheck", null],
    ["several", "/hotfix recheck\n/hotfix rollback\n/hotfix help", { kind: "recheck", further: 2 }],
    ["unknown, near", "/hotfix rechek", only({ kind: "unknown", word: "rechek", nearest: "recheck" })],
    ["unknown, far", "/hotfix deploy-it", only({ kind: "unknown", word: "deploy-it", nearest: null })],
    [
      "override",
      "/hotfix override scope the generated client changed too ",
      only({ kind: "override", rule: "scope", reason: "the generated client changed too" }),
    ],
    [
      "override of a post-mortem",
      "/hotfix override Post-Mortem same incident as last week",
      only({ kind: "override-post-mortem", reason: "same incident as last week" }),
    ],
    [
      "override of a post-mortem without a reason",
      "/hotfix override post-mortem",
      only({ kind: "invalid-override", problem: "missing-reason", rule: "post-mortem", nearest: null }),
    ],
    [
      "override with the marks of the help text",
      "/hotfix override <Diff-Size>: `big`",
      only({ kind: "override", rule: "diff-size", reason: "`big`" }),
    ],
    [
      "override with foreign text",
      "/hotfix override scope \u202e@org/everyone | <b>",
      only({ kind: "override", rule: "scope", reason: "\u202e@org/everyone | <b>" }),
    ],
    [
      "override without a rule",
      "/hotfix override",
      only({ kind: "invalid-override", problem: "missing-rule", rule: "", nearest: null }),
    ],
    [
      "override of an unknown rule, near",
      "/hotfix override dif-size because",
      only({ kind: "invalid-override", problem: "unknown-rule", rule: "dif-size", nearest: "diff-size" }),
    ],
    [
      "override of something near a post-mortem",
      "/hotfix override postmortem because",
      only({ kind: "invalid-override", problem: "unknown-rule", rule: "postmortem", nearest: "post-mortem" }),
    ],
    [
      "override of an unknown rule with a long name, near",
      "/hotfix override dependancie-changes x",
      only({
        kind: "invalid-override",
        problem: "unknown-rule",
        rule: "dependancie-changes",
        nearest: "dependency-changes",
      }),
    ],
    [
      "override of an unknown rule, far",
      "/hotfix override everything because",
      only({ kind: "invalid-override", problem: "unknown-rule", rule: "everything", nearest: null }),
    ],
    [
      "override without a reason",
      "/hotfix override scope\nbecause",
      only({ kind: "invalid-override", problem: "missing-reason", rule: "scope", nearest: null }),
    ],
    [
      "override with a reason of marks only",
      "/hotfix override scope ... -\u200b",
      only({ kind: "invalid-override", problem: "missing-reason", rule: "scope", nearest: null }),
    ],
  ];
  it.each(cases)("%s", (_name, body, expected) => {
    expect(parseCommand(body)).toEqual(expected);
  });

  it("reads a command after any text that has no command, fence or comment of its own", () => {
    const line = fc
      .string()
      .filter((text) => !/^[\p{Cf}\0]* {0,3}\/hotfix|```|~~~|<|_____|[\r\n]/iu.test(text));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const command = parseCommand([...lines, "", "/hotfix recheck"].join("\n"));
        expect(command).toEqual(only({ kind: "recheck" }));
      }),
    );
  });

  it("quoting a comment never repeats its command", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("/hotfix recheck", "```", "<!--", "-->", "text", "")), (lines) => {
        expect(parseCommand(lines.map((line) => `> ${line}`).join("\n"))).toBeNull();
      }),
    );
  });

  it("takes time linear in the length, whatever stands in the body", () => {
    const pieces = [
      "/hotfix ",
      "`",
      "`\n",
      "<!--",
      "-->\n",
      "> ",
      " ",
      "\n",
      "\r",
      "/hotfix x\n",
      "1. ```\n",
      "\u200f",
      "\0",
    ];
    for (const piece of pieces) {
      // Four times what GitHub takes.
      const body = piece.repeat(Math.ceil(250_000 / piece.length));
      // CPU time: the machine may be busy with other tests.
      const start = process.cpuUsage();
      parseCommand(body);
      parseCommand(`/hotfix override ${body}`);
      parseCommand(`/hotfix ${body}`);
      expect(process.cpuUsage(start).user / 1_000, JSON.stringify(piece)).toBeLessThan(1_000);
    }
  });

  it("cuts what it did not understand", () => {
    const command = parseCommand(`/hotfix ${"x".repeat(100_000)}`) as Extract<Command, { kind: "unknown" }>;
    expect(command.kind).toBe("unknown");
    expect(command.word).toHaveLength(64);
  });
});
