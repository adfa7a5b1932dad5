import { JANE, JOHN, RITA } from "./kamiyo.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What John knows of the incident, in milliseconds. */
export interface Incident {
  /** When its issue was opened. */
  readonly openedAt: number;
  readonly mergedAt: number;
  readonly today: number;
}

const EMPTY_ITEM = "- [ ] _TODO: task_ – _TODO: owner_ – _TODO: due date_\n";

/** The post-mortem with everything written that a person has to write. */
export function asJohnWritesIt(body: string, incident: Incident): string {
  const { openedAt, mergedAt, today } = incident;
  const began = utc(openedAt - 25 * MINUTE_MS);
  const verified = utc(mergedAt + 12 * MINUTE_MS);
  const times: Readonly<Record<string, string>> = {
    "Issue detected": utc(openedAt - 5 * MINUTE_MS),
    "Fix deployed": utc(mergedAt + 4 * MINUTE_MS),
    "Verified resolved": verified,
  };
  /** By how the app's "TODO: …" goes on. */
  const words: readonly (readonly [RegExp, string])[] = [
    [/^when it began/, `${began}, with the new webhook secret`],
    [/^end/, verified],
    [/^what users saw/, "Cards were charged, and the orders stayed unpaid."],
    [/^by whom or by what/, "By support, from the first angry mail."],
    [/^the conditions/, "The new webhook secret holds an umlaut; the old one was plain ASCII."],
    [/^tests, reviews or alerts/, "All secrets in the tests are ASCII."],
    [/^none, or which/, "None."],
    [/^which test/, "one with a secret that is not ASCII"],
    [/^which alert/, "the share of webhooks answered with 400"],
    [/^which step/, "send a test webhook after each change of a secret"],
    [/^what others/, "secrets are bytes, not text"],
    [/^what was checked/, `a test webhook and ten real ones, by ${RITA}`],
    [/^by whom/, JOHN],
    [/^number/, "41"],
  ];
  const deadline = new Date(today + 7 * DAY_MS).toISOString().slice(0, 10);
  const items = [
    `- [ ] Test webhooks with a secret that is not ASCII – @${JOHN} – ${deadline}\n`,
    `- [ ] Alert when more than 1 % of the webhooks are answered with 400 – @${JANE} – ${deadline}\n`,
  ];
  return items
    .reduce((text, item) => text.replace(EMPTY_ITEM, item), body)
    .replace(/_TODO: time_ \| ([A-Z][\w ]+)/g, (asked, what: string) => {
      const time = times[what.trim()];
      return time === undefined ? asked : `${time} | ${what}`;
    })
    .replace(/_TODO: ([^_\n]+)_/g, (_, what: string) => {
      return words.find(([asked]) => asked.test(what))?.[1] ?? "as in the incident channel";
    });
}

/** As the app writes times. */
function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
