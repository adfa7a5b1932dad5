import { isApp, toAccount } from "../github/api/account.ts";
import type { Repo } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { read } from "../github/api/read.ts";
import { GATE_NAME } from "../github/collect/check/gates.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import { type Fact, known, unknown } from "../policy/fact.ts";
import { RULE_IDS } from "../policy/policy.ts";
import { count } from "../render/text/markdown.ts";
import { utc } from "../render/text/time.ts";
import { linked, sentence, type Table } from "../report/table.ts";
import { type Listed, listPulls } from "./history.ts";

/** What the gate would have done to hotfixes that were merged while it only observed. */
export interface Observed {
  /** `owner/name`, or the organization. */
  readonly about: string;
  /** ISO 8601. */
  readonly since: string;
  /** Merged hotfixes with a check that only observed. */
  readonly hotfixes: readonly ObservedHotfix[];
  readonly notes: readonly string[];
}

/** A merged hotfix, and what its neutral check says. */
export interface ObservedHotfix {
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  /** When it was merged. */
  readonly at: string;
  /** Foreign text. */
  readonly title: string;
  /** The check's own title: `Would be: Blocked: 3 rules`. */
  readonly said: string;
  readonly blocked: boolean;
  /** The rules that failed or waited. */
  readonly rules: readonly string[];
}

/** Checks that are read at a time. */
const AT_A_TIME = 5;
const READY = /^Would be: (?:Ready|Not a hotfix|Back-merge)/;

/**
 * Reads the check of each merged hotfix of a repository: a request each, and one for each hundred pull
 * requests. What the app did not see, or where it was enforced, is left out.
 */
export async function readObserved(
  client: GitHubClient,
  repo: Repo,
  since: Date,
): Promise<Fact<{ readonly hotfixes: readonly ObservedHotfix[]; readonly notes: readonly string[] }>> {
  const policy = await loadPolicy(client, repo);
  if (policy.state === "unknown") return unknown(policy.reason);
  const listed = await listPulls(client, repo, since, policy);
  if (!listed.known) return listed;
  const merged = listed.value.hotfixes.filter((one) => one.merged);
  const hotfixes: ObservedHotfix[] = [];
  const notes: string[] = [];
  const left = [...merged];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const check = await readNeutral(client, repo, next);
      if (!check.known) notes.push(`#${next.number}: ${check.reason}`);
      else if (check.value !== null) hotfixes.push(check.value);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return known({ hotfixes: hotfixes.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)), notes });
}

/** `null`: there is no check of the gate that only observed. */
function readNeutral(client: GitHubClient, repo: Repo, pull: Listed): Promise<Fact<ObservedHotfix | null>> {
  return read(`the check of #${pull.number}`, async () => {
    const { data } = await client.octokit.rest.checks.listForRef({
      ...repo,
      ref: pull.headSha,
      check_name: GATE_NAME,
      filter: "latest",
      per_page: 100,
    });
    const run = data.check_runs.find(
      ({ app, conclusion }) => conclusion === "neutral" && isGate(client, app?.slug),
    );
    if (run === undefined) return null;
    const said = run.output.title ?? "";
    const { number, url, at, title } = pull;
    const repository = `${repo.owner}/${repo.repo}`;
    const blocked = said.startsWith("Would be: ") && !READY.test(said);
    return { repository, number, url, at, title, said, blocked, rules: rulesIn(run.output.summary ?? "") };
  });
}

/** Where nobody said which app is the gate, workflows are not: anybody who can push can make one say so. */
function isGate({ app }: GitHubClient, slug: string | undefined): boolean {
  if (slug === undefined) return false;
  if (app.slug === "") return slug !== "github-actions";
  return isApp(toAccount({ login: `${slug}[bot]`, type: "Bot" }), null, app);
}

/** The rules in the check's first table: those that failed or wait. Warnings block nothing. */
function rulesIn(summary: string): readonly string[] {
  const [first = ""] = summary.split("<details>");
  const named = [...first.matchAll(/^\| (?:❌|⏳\swaiting|❓)[^|]{0,40}\| \[([a-z-]{1,40})\]\(/gmu)].map(
    ([, rule = ""]) => rule,
  );
  return RULE_IDS.filter((rule) => named.includes(rule));
}

/** Would have blocked N of M, in a line, and what is to be known beside it. */
export function observedHeadline({ about, since, hotfixes, notes }: Observed): readonly string[] {
  const blocked = hotfixes.filter((one) => one.blocked).length;
  return [
    `${about} since ${since.slice(0, 10)}: would have blocked ${blocked} of ${count(hotfixes.length, "merged hotfix", "merged hotfixes")}`,
    ...(hotfixes.length === 0
      ? ["  No merged hotfix has a neutral check of the gate: is mode: observe set, and the app installed?"]
      : []),
    ...notes.map((note) => `  ${note}`),
  ];
}

/** By rule, and each hotfix. */
export function observedTables({ hotfixes }: Observed): readonly Table[] {
  const counts = RULE_IDS.map(
    (rule) => [rule, hotfixes.filter(({ rules }) => rules.includes(rule)).length] as const,
  );
  return [
    {
      title: "By rule",
      columns: ["Rule", "Would have blocked"],
      rows: counts
        .filter(([, many]) => many > 0)
        .toSorted(([, a], [, b]) => b - a)
        .map(([rule, many]) => [rule, String(many)]),
    },
    {
      title: "Hotfixes",
      columns: ["Merged (UTC)", "Pull request", "Title", "Verdict", "Rules"],
      rows: hotfixes.map(({ at, repository, number, url, title, said, rules }) => [
        utc(at).replace(" UTC", ""),
        linked(`${repository}#${number}`, url),
        sentence(title),
        sentence(said),
        rules.join(", ") || "–",
      ]),
    },
  ].filter(({ rows }) => rows.length > 0);
}
