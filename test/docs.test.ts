import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { defaultPolicy } from "../src/config/index.ts";
import { OPTIONAL_PERMISSIONS } from "../src/github/api/client.ts";
import { REQUIRED_FIELDS } from "../src/policy/commit-message/fields.ts";
import { isMissing, isPending } from "../src/policy/commit-message/left-over.ts";
import { parseMessage } from "../src/policy/commit-message/parse.ts";
import { RULE_IDS } from "../src/policy/policy.ts";
import { issueKinds } from "../src/policy/post-mortem/kinds.ts";
import { COMMAND_HELP } from "../src/render/gate/commands.ts";
import { TEMPLATE_LIMIT, TEMPLATE_PLACEHOLDERS } from "../src/render/post-mortem/template.ts";
import { OPTIONAL_EVENTS } from "../src/webhooks/events.ts";
import { runExample } from "./support/example.ts";

/** What newcomers read is true of the code: links, commands, names, settings. */

const read = (path: string): string => readFileSync(path, "utf8");
const pages: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  "CODE_OF_CONDUCT.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];
const withoutCode = (text: string): string =>
  text.replace(/^(```|~~~)[\s\S]*?^\1$/gm, "").replace(/`[^`\n]*`/g, "");

describe("what pages quote of the app", () => {
  // These quote names of tests.
  const TESTS = ["docs/architecture.md", "docs/security.md", "docs/reliability.md", "CHANGELOG.md"];
  const sources = ["src/render", "src/policy", "src/local", "test/render/__golden__"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|md)$/.test(name))
      .map((name) => read(join(folder, name))),
  );
  const said = sources.join("\n").replace(/[`*]/g, "");

  it.each(pages.filter((page) => !TESTS.includes(page)))("in %s is what it says today", (page) => {
    const quotes = [...withoutCode(read(page)).matchAll(/“([^”]{4,200})”/g)].map(([, text = ""]) => text);
    const parts = quotes
      .flatMap((text) => text.split(/…|#\d+|\.$/))
      .map((part) => part.replace(/:?\s*$/, "").trim());
    expect(parts.filter((part) => part.length > 3 && !said.includes(part))).toEqual([]);
  });
});

describe("links", () => {
  /** As GitHub makes them of headings. */
  const anchors = (path: string): readonly string[] =>
    [...read(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    );

  it.each(pages)("of %s lead somewhere", (page) => {
    const broken = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^https:\/\//.test(target))
      .filter((target) => {
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? page : join(dirname(page), path);
        if (!existsSync(file)) return true;
        return anchor !== undefined && (statSync(file).isDirectory() || !anchors(file).includes(anchor));
      });
    expect(broken).toEqual([]);
  });

  it("of the README and the indexes reach every page", () => {
    const named = ["README.md", "docs/README.md", "docs/rules/README.md"].flatMap((page) =>
      [...read(page).matchAll(/\]\(([^)#\s]+)[)#]/g)].map(([, path = ""]) => join(dirname(page), path)),
    );
    expect(pages.filter((page) => !named.includes(page) && !/README\.md$/.test(page))).toEqual([]);
  });

  it("of the site reach every page, and no other", async () => {
    const path = "../docs/.vitepress/config.js";
    const { default: config } = (await import(path)) as {
      default: { themeConfig: { sidebar: readonly { items: readonly { link: string }[] }[] } };
    };
    const shown = config.themeConfig.sidebar.flatMap(({ items }) => items.map(({ link }) => link));
    const expected = pages
      .filter((page) => page.startsWith("docs/") && page !== "docs/README.md")
      .map((page) => page.replace(/^docs|(?:README)?\.md$/g, ""));
    expect([...shown].sort()).toEqual(expected.sort());
  });

  it("of the checks lead to a page a rule", () => {
    for (const id of RULE_IDS) expect(existsSync(`docs/rules/${id}.md`), id).toBe(true);
  });
});

describe("commands", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };

  it("of npm are there", () => {
    const wrong = pages.flatMap((page) =>
      [...read(page).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test))\b/g)]
        .filter(([, script, short]) => scripts[script ?? short ?? ""] === undefined)
        .map(([command]) => `${page}: ${command}`),
    );
    expect(wrong).toEqual([]);
    expect(read("README.md")).toContain("npm ci && npm run demo");
    expect(read("README.md")).toContain("npm ci && npm test");
  });

  it("of the command line are there", () => {
    const program = read("src/cli/program.ts");
    for (const page of pages)
      for (const [, command = ""] of read(page).matchAll(/\b(?:cli\/main\.js|hotfix-guard) ([a-z]+)\b/g))
        expect(program, `${page}: ${command}`).toContain(`.command("${command}")`);
  });

  it("in comments are the app's, and all of them are told", () => {
    const page = read("docs/getting-started.md");
    for (const [usage] of Object.values(COMMAND_HELP)) expect(page).toContain(`\`${usage}\``);
    for (const name of pages)
      for (const [, command = ""] of read(name).matchAll(/`\/hotfix (\w+)/g))
        expect(Object.keys(COMMAND_HELP), name).toContain(command);
  });
});

describe("settings", () => {
  /** The set-up page is Probot's, and reads its own; the picture's script has one. */
  const ELSEWHERE = [
    "GH_TOKEN",
    "GH_ORG",
    "CHROMIUM",
    "GITHUB_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
  ];
  const source = [
    "src/environment.ts",
    ...readdirSync("src/environment").map((file) => `src/environment/${file}`),
  ]
    .map(read)
    .join("\n");
  const known = [
    ...new Set(
      [...source.matchAll(/(?:get|oneOf\(context,|\[)\(?\s*"([A-Z][A-Z_]+)"/g)].map(([, name]) => name ?? ""),
    ),
  ];

  it("that the code reads are in docs/operations.md, and the other way round", () => {
    expect(known).toContain("HOTFIX_SWEEP_INTERVAL");
    const told = [...read("docs/operations.md").matchAll(/`([A-Z]{2,}(?:_[A-Z]+)*)(?:=[^`]*)?`/g)].map(
      ([, name]) => name ?? "",
    );
    expect([...new Set(told)].sort()).toEqual([...known].sort());
  });

  it("that any page names are read", () => {
    for (const page of pages)
      for (const [, name = ""] of read(page).matchAll(/`([A-Z]{2,}_[A-Z_]+)(?:=[^`]*)?`/g))
        if (!/^RULE_IDS$/.test(name)) expect([...known, ...ELSEWHERE], page).toContain(name);
  });
});

describe("the permissions", () => {
  const { default_permissions } = parse(read("app.yml")) as {
    default_permissions: Readonly<Record<string, string>>;
  };
  it.each(["README.md", "docs/security.md"])("in %s are those of app.yml", (page) => {
    const rows = [...read(page).matchAll(/^\| ([a-z ]+): (read|write)(?: \(organization\))? +\|/gm)];
    expect(
      Object.fromEntries(rows.map(([, name = "", level]) => [name.replaceAll(" ", "_"), level])),
    ).toEqual(default_permissions);
  });
});

it.each(["docs/operations.md", "docs/security.md"])("the optional permissions are in %s", (page) => {
  for (const [name, level] of Object.entries(OPTIONAL_PERMISSIONS))
    expect(read(page)).toContain(`\`${name}: ${level}\``);
  if (page === "docs/operations.md")
    for (const event of OPTIONAL_EVENTS) expect(read(page)).toContain(`event \`${event}\``);
});

describe("docs/post-mortem.md", () => {
  const page = read("docs/post-mortem.md");
  it("has all placeholders, and no others", () => {
    const rows = [...page.matchAll(/^\| ((?:`\{\{\w+\}\}`(?:, )?)+) \|/gm)].map(([, cell = ""]) => cell);
    const told = rows.flatMap((cell) => [...cell.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name));
    const { inline, block } = TEMPLATE_PLACEHOLDERS;
    expect(told.toSorted()).toEqual([...inline, ...block].toSorted());
    expect(page).toContain(TEMPLATE_LIMIT.toLocaleString("en"));
  });

  it("shows a post-mortem as it is rendered, without the hidden marks", () => {
    const golden = read("test/render/__golden__/post-mortem-ready.md").split("\n").slice(4).join("\n");
    const shown = golden.replace(/^<!--.*-->\n+/gm, "").trim();
    expect(page).toContain(`~~~markdown\n${shown}\n~~~`);
  });
});

describe("docs/deployments.md", () => {
  it("shows what a waiting deployment is told, as it is rendered", () => {
    const golden = read("test/render/__golden__/deployment.md");
    const waiting = golden.split(/^# .*\n/m).find((text) => text.includes("Waiting for 1 approval")) ?? "";
    expect(read("docs/deployments.md")).toContain(`~~~markdown\n${waiting.trim()}\n~~~`);
  });
});

describe.each([
  ["docs/architecture.md", 100],
  ["docs/security.md", 60],
])("%s", (page, most) => {
  const rows = [...read(page).matchAll(/`(test\/[\w/.-]+\.test\.ts)`: ((?:“[^”]+”(?: · )?)+)/g)];
  it("names tests for the lines of the design", () => {
    expect(rows.length).toBeGreaterThan(most);
    for (const [file = ""] of read(page).matchAll(/(?<=`)test\/[\w/.-]+\.test\.ts(?=`)/g))
      expect(read(file), file).not.toBe("");
  });
  it.each(rows.map(([, file = "", names = ""]) => ({ file, names })))(
    "names tests that $file has: $names",
    ({ file, names }) => {
      const source = read(file);
      for (const [, name = ""] of names.matchAll(/“([^”]+)”/g)) {
        const text = name.replaceAll("\\|", "|");
        expect(
          ['"', "'", "`"].some((quote) => source.includes(`${quote}${text}${quote}`)),
          `${file}: ${text}`,
        ).toBe(true);
      }
    },
  );
});

describe("docs/security.md", () => {
  const sections = read("docs/security.md").split(/^## /m);
  it.each(["Who can try what", "What was tried, and what stops it"])(
    "%s: no promise without a test",
    (title) => {
      const section = sections.find((text) => text.startsWith(`${title}\n`)) ?? "";
      const rows = section
        .split("\n")
        .filter((line) => /^\| (?!---)/.test(line))
        .slice(1);
      expect(rows.length).toBeGreaterThanOrEqual(15);
      expect(rows.filter((row) => !/`test\/[\w/.-]+\.test\.ts`: “/.test(row))).toEqual([]);
    },
  );
  it("says of each kind of person what they can try", () => {
    const people = [
      ...(sections.find((text) => text.startsWith("Who can")) ?? "").matchAll(/^\| ([A-Z]\w+) \|/gm),
    ];
    expect([...new Set(people.map(([, who]) => who))]).toEqual([
      "Stranger",
      "Triage",
      "Writer",
      "Approver",
      "Administrator",
      "Operator",
    ]);
  });
});

describe("what users copy", () => {
  const template = read(".github/PULL_REQUEST_TEMPLATE/hotfix.md");
  const EXAMPLE: Readonly<Record<string, string>> = {
    "#[issue-number]": "#1234",
    "P0/P1": "P1",
    "[Brief impact]": "Payment webhooks failing, revenue impact",
    "[Brief cause]": "Incorrect UTF-8 encoding of webhook secret",
    "[Brief solution]": "Added explicit encoding handling",
    "[Testing performed]": "Local + Staging, all webhook events processed",
  };

  it("the pull request template lacks everything as it is, and nothing filled in", () => {
    const missing = (body: string) => {
      const { fields } = parseMessage(`HOTFIX: Fix it\n\n${body.replace(/<!--[\s\S]*?-->/g, "")}`);
      return REQUIRED_FIELDS.filter((field) => isMissing(field, fields[field] ?? ""));
    };
    const toFill = REQUIRED_FIELDS.filter((field) => !["Approved-By", "Deployed-By"].includes(field));
    expect(missing(template)).toEqual(toFill);
    const filled = Object.entries(EXAMPLE).reduce((text, [from, to]) => text.replace(from, to), template);
    expect(missing(filled)).toEqual([]);
    expect(isPending("Approved-By", "pending")).toBe(true);
    const squash = { title: "PR_TITLE", message: "PR_BODY" } as const;
    const given = { title: "HOTFIX: Fix it", body: filled, squash_only: squash, commits: ["fix"] };
    expect(runExample("commit-message", given)).toMatchObject({ state: "satisfied", code: "ok" });
    expect(runExample("checklist", { body: filled }).code).toBe("open");
    expect(runExample("checklist", { body: filled.replaceAll("- [ ]", "- [x]") }).code).toBe("ok");
  });

  it("the incident form offers the severities, and the kinds that have a checklist", () => {
    const form = parse(read(".github/ISSUE_TEMPLATE/incident.yml")) as {
      name: string;
      description: string;
      body: readonly {
        type: string;
        id?: string;
        attributes: { label?: string; options?: readonly unknown[] };
      }[];
    };
    const optionsOf = (id: string) => form.body.find((field) => field.id === id)?.attributes.options;
    expect(optionsOf("severity")?.map((option) => String(option).slice(0, 2))).toEqual([
      "P0",
      "P1",
      "P2",
      "P3",
    ]);
    const kinds = Object.keys(defaultPolicy().verification.checklists);
    expect(optionsOf("kind")).toEqual([...kinds, "other"]);
    for (const kind of kinds)
      expect(issueKinds({ labels: [kind], components: [], paths: [] }, kinds)).toEqual([kind]);
    expect(form.name && form.description).toBeTruthy();
    expect(new Set(form.body.map(({ id }) => id)).size).toBe(form.body.length);
  });
});
