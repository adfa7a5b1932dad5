import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JANE, JOHN, REPO, RITA, setUpKamiyo } from "../../src/demo/kamiyo.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { HOSTILE, NOW, postMortem, STORY } from "../report/post-mortems.ts";
import { MANIFEST } from "../scenario/support.ts";
import { compile, start } from "./program.ts";

/** `hotfix-guard report` as a user runs it: a process of its own, and the sandbox as GitHub. */

let sandbox: Sandbox;
let clock = new Date("2025-05-01T00:00:00Z");

beforeAll(async () => {
  compile();
  sandbox = await startSandbox({
    permissions: MANIFEST.default_permissions,
    events: MANIFEST.default_events,
    clock: () => clock,
  });
  await setUpKamiyo(sandbox);
  sandbox.createTeam("kamiyo", "payments");
  await sandbox.addTeamMember("kamiyo", "payments", JOHN);
  for (const asked of STORY) {
    clock = new Date(String(asked.values?.merged_at));
    await asApp("POST", `/repos/${REPO}/issues`, { ...postMortem(withPeople(asked)), assignees: [JOHN] });
  }
  // Somebody writes one by hand: what it says counts for nothing.
  const forged = postMortem({ number: 66, title: "Forged" });
  await sandbox.as(RITA).createIssue(REPO, forged);
  clock = NOW;
});

afterAll(() => sandbox.close());

function withPeople(asked: (typeof STORY)[number]) {
  const values = { author: JOHN, approved_by: [JANE], reviewed_by: [RITA], merged_by: JOHN, ...asked.values };
  return { ...asked, values };
}

function asApp(method: string, path: string, body: unknown) {
  return sandbox.asApp().request(method, path, body);
}

async function report(args: readonly string[], env: Readonly<Record<string, string>> = person()) {
  const cwd = mkdtempSync(join(tmpdir(), "hotfix-guard-report-"));
  const program = start(["report", ...args], { GHE_HOST: sandbox.host, GHE_PROTOCOL: "http", ...env }, cwd);
  return { status: await program.exit, output: program.output(), cwd };
}

/** The nodes of a document, outer ones first. */
function everything(node: Nodes): readonly Nodes[] {
  return [node, ...("children" in node ? node.children.flatMap(everything) : [])];
}

function person(login = JANE) {
  return { GH_TOKEN: sandbox.as(login).token };
}

function appKey() {
  const { id, privateKey, webhookSecret } = sandbox.app;
  return { APP_ID: String(id), PRIVATE_KEY: privateKey, WEBHOOK_SECRET: webhookSecret };
}

describe("hotfix-guard report", () => {
  it("says it to a person with a token, and to the app with its key, alike", async () => {
    const mine = await report(["--repo", REPO]);
    expect(mine.status).toBe(0);
    expect(mine.output).toContain("Hotfixes of kamiyo/api since 2025-08-03");
    expect(mine.output).toContain("3 hotfixes: 1 P0, 2 P1; in the period before: 2 hotfixes: 2 P1");
    expect(mine.output).toContain("Post-mortems: 1 on time, 0 late, 2 open (1 overdue)");
    expect(mine.output).toContain("Action items: 2 open, 1 overdue");
    expect(mine.output).not.toContain("\u001b");
    expect(mine.output).not.toContain("Forged");
    expect((await report(["--repo", REPO], appKey())).output).toBe(mine.output);
    expect((await report(["--repo", REPO], { GITHUB_TOKEN: sandbox.as(JANE).token })).output).toBe(
      mine.output,
    );
  });

  it("as data: each hotfix with its people, times, exceptions and action items", async () => {
    const { output } = await report(["--repo", REPO, "--json"]);
    const data = JSON.parse(output);
    expect(data).toMatchObject({
      version: 1,
      repository: REPO,
      hotfixes: 3,
      previous: { hotfixes: 2, spans: { time_to_merge: { count: 2, median: 900, p90: 1200 } } },
      repeated_areas: [{ count: 2 }],
      unreadable: [],
      by_team: [{ name: "payments", hotfixes: 3 }],
    });
    expect(data.list.map((one: { pull_request: number }) => one.pull_request)).toEqual([103, 102, 101]);
    expect(data.list[1]).toMatchObject({
      repository: REPO,
      severity: "P0",
      author: JOHN,
      reviewed_by: [RITA],
      approval_valid: false,
      bypass: "failing-check",
      overridden: [{ rule: "scope", by: JANE, reason: HOSTILE.formula }],
      overdue: true,
      post_mortem: { open: true, assignees: [JOHN] },
      action_items: [{ owners: [RITA], due: "2026-01-20", overdue: false }],
      commit: "d".repeat(40),
      times: { merged: "2025-10-20T03:10:00Z" },
    });
  });

  it("as CSV that no spreadsheet runs", async () => {
    const { output } = await report(["--repo", REPO, "--csv"]);
    const rows = output.trimEnd().split("\r\n");
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^repository,pull_request,title,severity,author,approved_by/);
    const cells = output.split(/[,\r\n]/).map((cell) => cell.replace(/^"/, ""));
    expect(cells.filter((cell) => /^[=+\-@\t]/.test(cell))).toEqual([]);
    expect(output).toContain("'=HYPERLINK");
    expect(output).not.toMatch(/[\p{Cf}]/u);
  });

  it("as Markdown that mentions nobody and breaks no table", async () => {
    const { output } = await report(["--repo", REPO, "--markdown"]);
    const tree = fromMarkdown(output, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
    const tables = tree.children.filter(({ type }) => type === "table");
    expect(tables.length).toBeGreaterThanOrEqual(6);
    for (const table of tables)
      if (table.type === "table")
        for (const row of table.children)
          expect(row.children).toHaveLength(table.children[0]?.children.length ?? 0);
    expect(JSON.stringify(tree)).not.toContain('"type":"html"');
    const nodes = everything(tree);
    expect(nodes.flatMap((node) => (node.type === "text" ? node.value : "")).join(" ")).not.toMatch(
      /@\p{L}/u,
    );
    const links = nodes.flatMap((node) => (node.type === "link" ? node.url : []));
    expect(links.filter((url) => !url.startsWith(`${sandbox.url}/kamiyo/`))).toEqual([]);
  });

  it("of an organization, by repository", async () => {
    const { output, status } = await report(["--org", "kamiyo", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      repository: null,
      organization: "kamiyo",
      hotfixes: 3,
      by_repository: [{ name: REPO, hotfixes: 3 }],
    });
  });

  it("the auditor's table: a row a change, with links", async () => {
    const { output } = await report(["--repo", REPO, "--evidence"]);
    const rows = output.trimEnd().split("\r\n");
    expect(rows).toHaveLength(4);
    expect(rows[0]).toContain("Change,Change (link),Title,Severity,Author");
    expect(rows[3]).toContain(`${sandbox.url}/kamiyo/api/pull/101`);
    expect(rows[3]).toContain(`${sandbox.url}/kamiyo/api/commit/${"d".repeat(40)}`);
    const markdown = await report(["--repo", REPO, "--evidence", "--markdown"]);
    expect(markdown.output).toContain("### Evidence of hotfixes (SOC 2, CC8.1)");
  });

  it("as a page in one file, and says so", async () => {
    const { status, output, cwd } = await report(["--repo", REPO, "--html", "out.html"]);
    expect(output).toBe("out.html is written.\n");
    expect(status).toBe(0);
    const page = readFileSync(join(cwd, "out.html"), "utf8");
    expect(page.match(/<svg /g)).toHaveLength(4);
    expect(page).not.toMatch(/<script|<img|<link|url\(|@import/);
    expect(readdirSync(cwd)).toEqual(["out.html"]);
  });

  it.each([
    [
      "a directory that is not there",
      "nowhere/out.html",
      /nowhere\/out\.html cannot be written: there is no directory nowhere/,
    ],
    ["a directory", ".", /\. cannot be written: it is a directory/],
    ["a file as directory", "/dev/null/out.html", /cannot be written/],
  ])("writes nothing to %s, asks GitHub nothing, and says why in a line", async (_, path, line) => {
    sandbox.resetRequests();
    const { status, output, cwd } = await report(["--repo", REPO, "--html", path]);
    expect(output).toMatch(line);
    expect(output).toMatch(/^No report: [^\n]+\n$/);
    expect(status).toBe(2);
    expect(readdirSync(cwd)).toEqual([]);
    expect(sandbox.requests).toEqual([]);
  });

  it("takes at most two requests a hotfix", async () => {
    sandbox.resetRequests();
    await report(["--repo", REPO]);
    const asked = sandbox.requests.length;
    // Six for three hotfixes: the repository, the app, the list, two counts, the teams.
    expect(asked).toBeLessThanOrEqual(6);
  });

  describe("where it cannot", () => {
    const cases: readonly (readonly [
      string,
      readonly string[],
      (() => Record<string, string>) | null,
      RegExp,
    ])[] = [
      [
        "no such repository",
        ["--repo", "kamiyo/nothing"],
        null,
        /kamiyo\/nothing does not exist on .*, or the token in GH_TOKEN cannot see it/,
      ],
      [
        "no such repository, as the app",
        ["--repo", "kamiyo/nothing"],
        appKey,
        /or the app is not installed there/,
      ],
      ["no such organization", ["--org", "nobody-here"], null, /the organization nobody-here does not exist/],
      [
        "a token that is none",
        ["--repo", REPO],
        () => ({ GH_TOKEN: "ghp_wrong" }),
        /GitHub did not accept the token in GH_TOKEN/,
      ],
      ["no token and no key", ["--repo", REPO], () => ({}), /there is no token: set GH_TOKEN/],
      [
        "no network",
        ["--repo", REPO],
        () => ({ ...person(), GHE_HOST: "127.0.0.1:9" }),
        /GitHub could not be reached \(127\.0\.0\.1:9\)/,
      ],
      [
        "a host that is none",
        ["--repo", REPO],
        () => ({ ...person(), GHE_HOST: "http://x/" }),
        /GHE_HOST is not a host name/,
      ],
      ["neither", [], null, /say which: --repo owner\/name, or --org name/],
      [
        "both",
        ["--repo", REPO, "--org", "kamiyo"],
        null,
        /--repo( owner\/name)? and --org exclude each other/,
      ],
      ["a name that is none", ["--repo", "a/b/c"], null, /--repo takes owner\/name, not "a\/b\/c"/],
      [
        "a time that is none",
        ["--repo", REPO, "--since", "soon"],
        null,
        /--since takes a whole number and a unit/,
      ],
      ["two forms", ["--repo", REPO, "--json", "--csv"], null, /--json and --csv exclude each other/],
    ];
    it.each(cases)("%s: one line, exit status 2", async (_, args, env, line) => {
      const { status, output, cwd } = await report(args, env === null ? undefined : env());
      expect(output).toMatch(line);
      expect(output).toMatch(/^No report: [^\n]+\n$/);
      expect(status).toBe(2);
      expect(readdirSync(cwd)).toEqual([]);
    });
  });
});
