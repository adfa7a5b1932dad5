import { asCsv, tableAsCsv } from "../report/as-csv.ts";
import { asHtml, evidenceAsHtml } from "../report/as-html.ts";
import { asJson } from "../report/as-json.ts";
import { asMarkdown, tableAsMarkdown } from "../report/as-markdown.ts";
import { asText } from "../report/as-text.ts";
import { evidenceTable } from "../report/evidence.ts";
import { gatherReport } from "../report/gather.ts";
import type { Report } from "../report/report.ts";
import { Misuse, refusing } from "./cannot.ts";
import type { Output } from "./output.ts";
import { accessGitHub, inWordsOf, Unreachable } from "./person-client.ts";
import { put } from "./put.ts";
import { gatherObserved, writtenObserved } from "./report-observed.ts";
import { readScope, type ScopeOptions } from "./scope-options.ts";
import { requireWritable } from "./write-file.ts";

/** The options of `hotfix-guard report`, as commander gives them. */
export interface ReportOptions extends ScopeOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly csv?: boolean;
  /** The file to write. */
  readonly html?: string;
  readonly evidence?: boolean;
  /** What the gate would have blocked while it only observed. */
  readonly observed?: boolean;
}

type Format = "text" | "json" | "markdown" | "csv" | "html";

/**
 * `hotfix-guard report`: what the post-mortems say of a repository's or an organization's hotfixes, by the
 * token of the person or the app's key. Only reads. Exit status 2, with the reason in a line on standard
 * error, where options, token, GitHub or the output path do not allow it.
 */
export function reportCommand(options: ReportOptions, out: Output): Promise<number> {
  return refusing("No report", out, async () => {
    const format = formatOf(options);
    const asked = readScope(options);
    if (options.html !== undefined) await requireWritable(options.html);
    const access = accessGitHub();
    if (options.observed) {
      await put(writtenObserved(await gatherObserved(access, asked), format), options.html, out);
      return 0;
    }
    const { client, scope } = await asked.reach(access);
    const until = client.serverTime();
    const since = new Date(until.getTime() - asked.span);
    const report = await gatherReport(client, scope, { since, until });
    if (!report.known) throw new Unreachable(inWordsOf(access, report.reason));
    const text = written(report.value, format, options.evidence === true);
    await put(text, options.html, out);
    return 0;
  });
}

function formatOf({ json, markdown, csv, html, evidence, observed }: ReportOptions): Format {
  if (evidence && observed) throw new Misuse("--evidence and --observed exclude each other");
  const asked: readonly Format[] = [
    ...(json ? (["json"] as const) : []),
    ...(markdown ? (["markdown"] as const) : []),
    ...(csv ? (["csv"] as const) : []),
    ...(html === undefined ? [] : (["html"] as const)),
  ];
  if (asked.length > 1) throw new Misuse(`--${asked[0]} and --${asked[1]} exclude each other`);
  return asked[0] ?? (evidence ? "csv" : "text");
}

function written(report: Report, format: Format, evidence: boolean): string {
  switch (format) {
    case "json":
      return asJson(report);
    case "csv":
      return evidence ? tableAsCsv(evidenceTable(report)) : asCsv(report);
    case "markdown":
      return evidence ? tableAsMarkdown(evidenceTable(report)) : asMarkdown(report);
    case "html":
      return evidence ? evidenceAsHtml(report) : asHtml(report);
    default:
      return asText(report);
  }
}
