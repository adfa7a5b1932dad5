import { bold, count, html, type Inline, inline, link, list, markdown, p } from "./text/markdown.ts";
import { hiddenMarker } from "./text/marker.ts";
import { code, prose } from "./text/neutralize.ts";
import { BODY_LIMIT, fitted } from "./text/size.ts";

/** What a week's digest says; titles and items are foreign text. */
export interface Digest {
  /** `owner/name`. */
  readonly about: string;
  readonly week: string;
  /** Figures, in our own words. */
  readonly lines: readonly string[];
  readonly postMortems: readonly { readonly title: string; readonly url: string }[];
  readonly items: readonly { readonly text: string; readonly due: string; readonly url: string }[];
}

const MOST = 10;

/** The comment of a week. Nobody is mentioned. */
export function renderDigest(digest: Digest): { readonly marker: string; readonly body: string } {
  const { about, week, lines, postMortems, items } = digest;
  const marker = hiddenMarker("digest", week);
  const more = (all: readonly unknown[]) => (all.length > MOST ? [[`and ${all.length - MOST} more`]] : []);
  const section = (title: string, all: readonly unknown[], shown: readonly (readonly Inline[])[]) =>
    all.length === 0 ? [] : [p(bold(title)), list([...shown, ...more(all)])];
  const nodes = [
    p("🗓️ ", bold("Hotfixes"), " in ", code(about), ", week ending ", week, ":"),
    list(lines.map((line) => [line])),
    ...section(
      "Overdue post-mortems",
      postMortems,
      postMortems.slice(0, MOST).map(({ title, url }) => [link(url, ...inline(prose(title, 150)))]),
    ),
    ...section(
      "Overdue action items",
      items,
      items
        .slice(0, MOST)
        .map(({ text, due, url }) => [code(text, 150), `, due ${due}: `, link(url, "post-mortem")]),
    ),
  ];
  return { marker, body: fitted(nodes, BODY_LIMIT, [html(marker)]) };
}

/** The issue in which the digests are posted. */
export function renderDigestIssue(): { readonly title: string; readonly body: string } {
  const body = markdown([
    p("Each week's hotfixes, overdue post-mortems and action items, one comment a week."),
    p("To stop it, close this issue or remove ", code("digest"), " from the configuration."),
  ]);
  return { title: "Hotfix digest", body };
}

/** The same for Slack, where names of issues are left to the issue. */
export function digestText({ about, week, lines, postMortems, items }: Digest): string {
  return [
    `🗓️ HOTFIXES, week ending ${week}: ${about}`,
    ...lines.map((line) => `• ${line}`),
    `• Overdue: ${count(postMortems.length, "post-mortem")}, ${count(items.length, "action item")}`,
  ].join("\n");
}
