import { JANE, JOHN, RITA } from "./kamiyo.ts";

/** What John writes, by how the app's "To be written: …" goes on. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^what users saw/, "Cards were charged, and the orders stayed unpaid."],
  [/^by whom or by what/, "By support, from the first angry mail."],
  [/^the conditions/, "The new webhook secret holds an umlaut; the old one was plain ASCII."],
  [/^tests, reviews, alerts/, "All secrets in the tests are ASCII."],
  [/^none, or which/, "None."],
  [/^which test/, "one with a secret that is not ASCII"],
  [/^which alert/, "the share of webhooks answered with 400"],
  [/^which step/, "send a test webhook after each change of a secret"],
  [/^what others/, "secrets are bytes, not text"],
  [/^what was checked/, `a test webhook and ten real ones, by ${RITA}`],
  [/^by whom/, JOHN],
  [/^number/, "41"],
];
/** Where he has nothing to add. */
const NOTHING_MORE = "as in the incident channel";

const EMPTY_ITEM = "- [ ] _To be written: task_ – _To be written: assignee_ – _To be written: deadline_\n";

/** The post-mortem with everything written that a person has to write. */
export function asJohnWritesIt(body: string, today: Date): string {
  const deadline = new Date(today.getTime() + 7 * 24 * 3_600_000).toISOString().slice(0, 10);
  const items = [
    `- [ ] Test webhooks with a secret that is not ASCII – @${JOHN} – ${deadline}\n`,
    `- [ ] Alert when more than 1 % of the webhooks are answered with 400 – @${JANE} – ${deadline}\n`,
  ];
  return items
    .reduce((text, item) => text.replace(EMPTY_ITEM, item), body)
    .replace(/_To be written: ([^_\n]+)_/g, (_, what: string) => {
      return WORDS.find(([asked]) => asked.test(what))?.[1] ?? NOTHING_MORE;
    });
}
