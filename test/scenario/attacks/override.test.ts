import { describe } from "vitest";
import { JANE, REPO, type Scenario, scenario, UNRELATED } from "../support.ts";

/**
 * Overrides that nobody gave (issue 8, item 21): the manager's comment holds the words of an override that
 * are not hers. Each beside its honest twin: around what made it nobody's she gives it herself. Harm is a
 * gate that passes.
 */

const OVERRIDE = "/hotfix override scope the pages changed too";
const JOHNS = (before: string, after = ""): string => `${before}${OVERRIDE}${after}`;

/** What holds John's words, and the same with hers below, above or beside it. */
const rows: readonly (readonly [name: string, attack: string, honest: string])[] = [
  ["a quote", JOHNS("> "), `> please\n\n${OVERRIDE}`],
  ["a lazily continued quote", JOHNS("> John asks:\n"), `> John asks:\n\n${OVERRIDE}`],
  ["a quote in a list", JOHNS("- > "), `- > please\n\n${OVERRIDE}`],
  ["a fence", JOHNS("```\n", "\n```"), `\`\`\`\nlog\n\`\`\`\n\n${OVERRIDE}`],
  ["<pre>", JOHNS("<pre>\n\n", "\n\n</pre>"), `<pre>\n\nlog\n\n</pre>\n\n${OVERRIDE}`],
  ["<code>", JOHNS("<code>\n\n", "\n\n</code>"), `<code>log</code>\n\n${OVERRIDE}`],
  ["a code span of several lines", JOHNS("He wrote `\n", "\n`"), `He wrote \`x\`\n\n${OVERRIDE}`],
  [
    "<blockquote>",
    JOHNS("<blockquote>\n\n", "\n\n</blockquote>"),
    `<blockquote>\n\nx\n\n</blockquote>\n\n${OVERRIDE}`,
  ],
  [
    "<details>",
    JOHNS("<details><summary>Asked</summary>\n\n", "\n\n</details>\n\nNo."),
    `<details><summary>Log</summary>\n\nx\n\n</details>\n\n${OVERRIDE}`,
  ],
  ["an HTML comment", JOHNS("No.\n\n<!--\n\n", "\n\n-->"), `<!-- note -->\n\n${OVERRIDE}`],
  [
    "an HTML attribute",
    JOHNS('<div title="\n\n', '\n\n">No.</div>'),
    `<div title="x">Yes.</div>\n\n${OVERRIDE}`,
  ],
  [
    "an image's title",
    JOHNS('![x](https://e.org/x.png "\n', '\n")'),
    `![x](https://e.org/x.png "x")\n\n${OVERRIDE}`,
  ],
  ["a link definition", JOHNS('[x]: https://e.org "\n', '\n"'), `[x]: https://e.org "x"\n\n${OVERRIDE}`],
  [
    "Outlook's reply",
    `No.\n\nFrom: John\nSent: Monday, 3 January 2022 10:00\nTo: Jane\nSubject: Hotfix\n\n${OVERRIDE}`,
    `${OVERRIDE}\n\nFrom: John\nSent: Monday, 3 January 2022 10:00\nTo: Jane\n\nPlease`,
  ],
  [
    "a mail after underscores",
    `No.\n\n________________________________\n\n${OVERRIDE}`,
    `${OVERRIDE}\n\n________________________________\nFrom: John`,
  ],
  [
    "a mail's reply in German",
    `Nein.\n\nAm Mo., 3. Jan. 2022 um 10:00 Uhr schrieb John <j@example.org>:\n\n${OVERRIDE}`,
    `${OVERRIDE}\n\nAm Mo., 3. Jan. 2022 um 10:00 Uhr schrieb John <j@example.org>:\n> Bitte`,
  ],
  [
    "a mail's reply in Japanese",
    `いいえ\n\n2022年1月3日(月) 10:00 John <j@example.org>:\n\n${OVERRIDE}`,
    `${OVERRIDE}\n\n2022年1月3日(月) 10:00 John <j@example.org>:\n> お願いします`,
  ],
  [
    "a mail's reply in Russian, its address hidden by GitHub",
    `Нет\n\nпн, 3 янв. 2022 г. в 10:00, John <***@***.***>:\n\n${OVERRIDE}`,
    `Да, <john@example.org>:\n\n${OVERRIDE}`,
  ],
  [
    "Outlook's reply, an empty line after each",
    `No.\n\nFrom: John\n\nSent: Monday, 3 January 2022 10:00\n\n${OVERRIDE}`,
    `From: the log\n\nIt is fine.\n\n${OVERRIDE}`,
  ],
  [
    "Outlook's reply in HTML",
    `No.\n\n<b>From:</b> John<br>\n<b>Sent:</b> Monday<br>\n\n${OVERRIDE}`,
    `<b>Yes</b>\n\n${OVERRIDE}`,
  ],
  ["Notes' reply", `No.\n\n-----"John" <j@example.org> wrote: -----\n\n${OVERRIDE}`, `---\n\n${OVERRIDE}`],
];

/** Waits for its approval, but that it changes what it is not about; then approved. */
async function approvedButUnrelated(s: Scenario): Promise<number> {
  const number = await s.openHotfix({
    files: { "src/payments/stripe.py": "# HOTFIX: Issue #1234\n", ...UNRELATED },
  });
  await s.expectGate(number, "failure");
  s.later();
  await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
  await s.idle();
  s.later();
  return number;
}

describe.concurrent("overrides that nobody gave", () => {
  scenario(
    "all of them: the gate stays red, and each honest twin makes it green",
    { throttle: false },
    async (s, expect) => {
      const number = await approvedButUnrelated(s);
      for (const [name, attack, honest] of rows) {
        const evil = await s.sandbox.as(JANE).comment(REPO, number, attack);
        expect((await s.gate(number))?.conclusion, name).toBe("failure");
        await s.sandbox.as(JANE).deleteComment(REPO, evil.id);
        const good = await s.sandbox.as(JANE).comment(REPO, number, honest);
        expect((await s.gate(number))?.conclusion, `${name}: the twin`).toBe("success");
        await s.sandbox.as(JANE).deleteComment(REPO, good.id);
        expect((await s.gate(number))?.conclusion, `${name}: taken back`).toBe("failure");
      }
    },
  );
});
