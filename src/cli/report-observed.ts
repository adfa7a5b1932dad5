import { tableAsCsv } from "../report/as-csv.ts";
import { tableAsMarkdown } from "../report/as-markdown.ts";
import { tableAsText } from "../report/as-text.ts";
import { pageOf } from "../report/html/page.tsx";
import { readRepositories } from "../report/repositories.ts";
import { nameOf } from "../report/scope.ts";
import {
  type Observed,
  type ObservedHotfix,
  observedHeadline,
  observedTables,
  readObserved,
} from "../simulate/observed.ts";
import { type Access, inWordsOf, Unreachable } from "./person-client.ts";
import type { AskedScope } from "./scope-options.ts";

/**
 * `report --observed`: what the gate would have blocked while it only observed, read from its neutral checks.
 * Throws `Unreachable`.
 */
export async function gatherObserved(access: Access, asked: AskedScope): Promise<Observed> {
  const { client, scope } = await asked.reach(access);
  const since = new Date(client.serverTime().getTime() - asked.span);
  const repositories = await readRepositories(client, scope, since);
  if (!repositories.known) throw new Unreachable(inWordsOf(access, repositories.reason));
  const hotfixes: ObservedHotfix[] = [];
  const notes: string[] = [];
  for (const repo of repositories.value) {
    const found = await readObserved(client, repo, since);
    if (found.known) {
      hotfixes.push(...found.value.hotfixes);
      notes.push(...found.value.notes);
    } else if (scope.kind === "repository") throw new Unreachable(inWordsOf(access, found.reason));
    else notes.push(`${repo.owner}/${repo.repo}: ${inWordsOf(access, found.reason)}`);
  }
  return { about: nameOf(scope), since: since.toISOString(), hotfixes, notes };
}

/** In one of the report's forms. */
export function writtenObserved(
  observed: Observed,
  format: "text" | "json" | "markdown" | "csv" | "html",
): string {
  const tables = observedTables(observed);
  const lines = observedHeadline(observed);
  const [title = "", ...facts] = lines;
  switch (format) {
    case "json": {
      const blocked = observed.hotfixes.filter((one) => one.blocked).length;
      const { hotfixes: list, ...rest } = observed;
      return `${JSON.stringify({ version: 1, ...rest, hotfixes: list.length, blocked, list }, null, 2)}\n`;
    }
    case "csv":
      return tableAsCsv(tables.at(-1) ?? { title, columns: ["Pull request"], rows: [] });
    case "markdown":
      return `${lines.map((line) => line.trim()).join("\n\n")}\n\n${tables.map(tableAsMarkdown).join("\n")}`;
    case "html": {
      const footer = "Made by hotfix-guard report --observed. Times are UTC.";
      return pageOf({ title, facts: facts.map((line) => line.trim()), charts: [], tables, footer });
    }
    default:
      return `${lines.join("\n")}\n${tables.map((table) => `\n${tableAsText(table)}`).join("")}`;
  }
}
