// The longest time that hostile input holds the event loop. What runs in one go is measured in processor
// time, which a busy machine does not stretch; the server by the delay of its own event loop.
import { createHmac } from "node:crypto";
import { performance } from "node:perf_hooks";
import { parseConfig } from "#built/config/index";
import { parseCommand } from "#built/policy/command";
import { parseMessage } from "#built/policy/commit-message/parse";
import { visibleLines } from "#built/policy/commit-message/visible-lines";
import { issuesNamedByItems } from "#built/policy/post-mortem/action-items";
import { completenessOf } from "#built/policy/post-mortem/completeness";
import { prose } from "#built/render/text/neutralize";
import { createPayloadReader } from "#built/server/payload";
import { known } from "../src/policy/fact.ts";
import { type Case, longest, many } from "./hostile.ts";
import { pullRequests } from "./hostile-pulls.ts";
import type { Row } from "./row.ts";

const AIM_MS = 50;
const MB = 1_000_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a configuration can do. */
function configurations(): readonly Case[] {
  const list = (key: string, items: readonly string[]): string =>
    `${key}\n${items.map((item) => `    - '${item}'\n`).join("")}`;
  const alias = ["a: &a [x, x, x, x, x, x, x, x, x]"].concat(
    [..."bcdefghijk"].map(
      (key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghijk"[i]}`).join(", ")}]`,
    ),
  );
  const texts: Readonly<Record<string, string>> = {
    "configuration of 1 MB": "a: b\n".repeat(MB / 5),
    "configuration of 250 kB in long lines": `mode: "${`${"a".repeat(9_000)}\n `.repeat(27)}"`,
    "100 patterns a{1000} × 70": list(
      "commit:\n  issues:",
      many(100, (i) => `${"a{1000}".repeat(70)}${i}`),
    ),
    "100 patterns of nested repeats": list(
      "commit:\n  issues:",
      many(100, (i) => `${"(?:a{30}){30}".repeat(30)}${i}`),
    ),
    "patterns as large as allowed": list(
      "commit:\n  issues:",
      many(6, (i) => `a{980}${i}`),
    ),
    "globs **/**/**… of 250 kB": list(
      "components:\n  a:",
      many(100, (i) => `${"**/".repeat(90)}${i}`),
    ),
    "globs of 64 alternatives": list(
      "components:\n  a:",
      many(100, (i) => `${"{a,b}".repeat(6)}/${"x".repeat(200)}${i}`),
    ),
    "aliases of aliases": alias.join("\n"),
    "3,000 unknown keys": many(3_000, (i) => `key${i}: 1`).join("\n"),
    "nested lists": "[".repeat(100_000),
  };
  return Object.entries(texts).map(([what, text]) => ({
    what,
    measure: () =>
      longest(
        () => bytes(text),
        (input) => parseConfig([{ file: "a.yml", bytes: input }]),
      ),
  }));
}

/** What a comment, a body or a message can do. */
function texts(): readonly Case[] {
  const evil: Readonly<Record<string, string>> = {
    ">>>>": ">".repeat(65_000),
    "[[[[": "[".repeat(65_000),
    "****": "*a **b ".repeat(9_000),
    "- - -": "- ".repeat(32_000),
    "````": "`a``b".repeat(13_000),
    "<<<<": "<a ".repeat(21_000),
    "nested quotes and lists": `${"> - ".repeat(200)}x\n`.repeat(80),
    tables: `${"|a".repeat(200)}\n${"|-".repeat(200)}\n`.repeat(80),
    "link definitions": "[a]: <b\n".repeat(8_000),
    "&&&&": "&a".repeat(32_000),
  };
  const readers: Readonly<Record<string, (text: string) => unknown>> = {
    comment: (text) => parseCommand(`${text}\n\n/hotfix recheck\n\n${text}`.slice(0, 65_536)),
    message: (text) => parseMessage(`HOTFIX: x\n\n${text}`),
    body: (text) => visibleLines(text, { code: true }),
    "text, shown": (text) => prose(text),
  };
  return Object.entries(evil).flatMap(([what, text]) =>
    Object.entries(readers).map(([where, read]) => ({
      what: `${where} of 65 kB: ${what}`,
      measure: () => longest(() => text, read),
    })),
  );
}

/** What a post-mortem can do, which anybody who may edit the issue writes. */
function postMortems(): readonly Case[] {
  const pieces: Readonly<Record<string, string>> = {
    "blank lines": "\n",
    "short items": "- a\n",
    "items with an owner": "- owner: a\n",
    "dated items": "- [ ] x may 5 kilo @a\n",
    "items of numbers": `- ${"1.".repeat(900)}\n`,
    "items of months": `- ${"may 1 ".repeat(300)}\n`,
    "ligatures that become 18 letters": `- ${"\ufdfa".repeat(1_500)}\n`,
    placeholders: "_TODO: a_ ",
    headings: "### root cause action items\n",
    "headings of ligatures": `## ${"\ufdfa".repeat(290)}\n`,
    tables: "| owner | x |\n| - | - |\n",
    "struck-through": "- ~~a~~ b\n",
  };
  const read = (body: string): void => {
    completenessOf({
      body,
      ownForm: false,
      reviewOwed: known(false),
      backMerges: {},
      actionIssues: { repository: "a/b", issues: {} },
    });
    issuesNamedByItems(body, "a/b");
  };
  return Object.entries(pieces).map(([what, piece]) => ({
    what: `post-mortem of 65 kB: ${what}`,
    measure: () =>
      longest(
        () => `## Action Items\n\n${piece.repeat(65_000 / piece.length)}`,
        (body) => read(body),
      ),
  }));
}

/**
 * A signed body of 25 MB through the server's own reader, with the longest delay of the event loop meanwhile.
 */
async function largePayload(): Promise<number> {
  const secret = "secret";
  const reader = createPayloadReader(secret);
  const commits = many(2_048, () => ({ message: "x".repeat(12_000) }));
  const body = Buffer.from(JSON.stringify({ ref: "refs/heads/x", commits }));
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  await reader.read(body, signature);
  let last = performance.now();
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  await reader.read(body, signature);
  clearInterval(timer);
  await reader.close();
  return most;
}

/** The longest first. */
export async function measurePauses(): Promise<readonly Row[]> {
  const cases = [...configurations(), ...pullRequests(), ...texts(), ...postMortems()];
  const rows = cases.map(({ what, measure }) => ({ what, value: measure(), unit: "ms", aim: AIM_MS }));
  const webhook = { what: "signed webhook of 25 MB (delay of the loop)", value: await largePayload() };
  return [...rows, { ...webhook, unit: "ms", aim: AIM_MS }].sort((a, b) => b.value - a.value);
}
