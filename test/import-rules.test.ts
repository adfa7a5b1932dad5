import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

/** A program that the build runs; it stands in its folder and is not part of it. */
const GENERATOR = "config/generate.ts";

/**
 * What each folder of src may import: other folders, and packages where they are limited (design, section 7).
 */
const TABLE: Readonly<Record<string, { folders: readonly string[]; packages?: RegExp }>> = {
  policy: { folders: [], packages: /^(?:any-ascii|zod|re2js|fastest-levenshtein)$/ },
  // A digest of what is posted is the one thing that it computes.
  render: { folders: ["policy"], packages: /^(?:mdast|mdast-util-.*|micromark.*|node:crypto)$/ },
  config: { folders: ["policy"], packages: /^(?:yaml|zod|re2js|fastest-levenshtein)$/ },
  // The type of what a text is made of.
  plan: { folders: ["policy", "render", "jobs"], packages: /^mdast$/ },
  jobs: { folders: [] },
  // Readers of single settings.
  environment: { folders: [], packages: /^node:crypto$/ },
  github: { folders: ["policy", "config"] },
  // The digest is a report.
  reconcile: { folders: ["policy", "config", "render", "plan", "github", "jobs", "report"] },
  webhooks: { folders: ["policy", "jobs"] },
  sweep: { folders: ["policy", "github", "jobs", "reconcile"] },
  report: {
    folders: ["policy", "github", "render"],
    packages: /^(?:cli-table3|csv-stringify\/sync|@observablehq\/plot|linkedom|hono\/html)$/,
  },
  // The real run without carryOut.
  simulate: { folders: ["policy", "github", "render", "reconcile", "report"], packages: /^$/ },
  // A branch on this machine, by git alone.
  local: { folders: ["policy", "config"], packages: /^(?:cli-table3|picocolors|node:.*)$/ },
  // Knows nothing of the app.
  sandbox: { folders: [] },
  demo: { folders: ["sandbox"] },
  // The sandbox as a web page; the app is another process.
  playground: {
    folders: ["sandbox", "demo"],
    packages:
      /^(?:idiomorph|hono(?:\/.*)?|@hono\/node-server|hast|hast-util-.*|mdast-util-.*|micromark-.*|lru-cache|open|node:.*)$/,
  },
};
/** Wiring may import all. */
const WIRING = ["cli", "server", GENERATOR];

interface Import {
  readonly file: string;
  /** The file or package that is imported. */
  readonly target: string;
  readonly from: string;
  readonly to: string;
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);
const folderOf = (file: string): string =>
  file === GENERATOR || !file.includes("/") ? file : (file.split("/")[0] ?? "");
const imports: readonly Import[] = files.flatMap((file) => {
  const source = readFileSync(join("src", file), "utf8");
  const specifiers = source.matchAll(
    /^\s*(?:import|export)\b[^"';]*?\bfrom "([^"]+)"|\bimport\(\s*"([^"]+)"|^import "([^"]+)"/gm,
  );
  return [...specifiers].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? "";
    const target = specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier;
    return { file, target, from: folderOf(file), to: specifier === target ? specifier : folderOf(target) };
  });
});
const isPackage = ({ to }: Import): boolean => !/\.tsx?$/.test(to) && !(to in TABLE) && !WIRING.includes(to);
const show = ({ file, to }: Import): string => `${file} imports ${to}`;

describe("import rules", () => {
  it("sees the imports", () => {
    expect(imports.filter(({ from, to }) => from === "policy" && to === "zod")).not.toEqual([]);
    expect(imports.filter(({ from, to }) => from === "config" && to === "policy")).not.toEqual([]);
  });

  it("knows every folder", () => {
    const folders = new Set(files.filter((file) => file.includes("/")).map(folderOf));
    expect([...folders].filter((folder) => !(folder in TABLE) && !WIRING.includes(folder))).toEqual([]);
  });

  it.each(Object.entries(TABLE))(
    "lets %s import only what the design allows",
    (folder, { folders, packages }) => {
      const mine = imports.filter(({ from, to }) => from === folder && to !== folder);
      const wrongFolders = mine.filter((one) => !isPackage(one) && !folders.includes(one.to));
      const wrongPackages = mine.filter(
        (one) => isPackage(one) && packages !== undefined && !packages.test(one.to),
      );
      expect([...wrongFolders, ...wrongPackages].map(show)).toEqual([]);
    },
  );

  it("compiles only constants with RegExp in the core", () => {
    const wrong = files.filter(
      (file) =>
        /^(?:policy|render|config)\//.test(file) &&
        /\bRegExp\(/.test(readFileSync(join("src", file), "utf8")),
    );
    expect(wrong).toEqual([]);
  });

  it("lets nothing but carryOut know what a write failed with", () => {
    const knows = /\bfailures?\b(?=[.\]}?,)]|\s*[=:])/;
    const wrong = files.filter(
      (file) =>
        /^reconcile\//.test(file) &&
        file !== "reconcile/carry-out.ts" &&
        knows.test(readFileSync(join("src", file), "utf8").replace(/compared\.failure/g, "")),
    );
    expect(wrong).toEqual([]);
  });

  it("lets nothing but carryOut act on a plan", () => {
    const acts =
      /\bapplyActions\(|\bcontext\.watch\.(?!wants)|\bcontext\.announce\?\.\(|\bcontext\.enqueue\(/;
    const wrong = files.filter(
      (file) => /^reconcile\//.test(file) && acts.test(readFileSync(join("src", file), "utf8")),
    );
    // The dispatcher makes several jobs of one that stands for them.
    expect(wrong.sort()).toEqual(["reconcile/carry-out.ts", "reconcile/reconcile.ts"]);
  });

  it("remembers nothing outside the list of memories, but for these", () => {
    const reasons: Readonly<Record<string, string>> = {
      "github/api/memory.ts": "the list",
      "github/api/conditional-requests.ts": "answers by address and token, bounded by bytes",
      "github/api/kept.ts": "tokens, for as long as they are valid",
      "github/api/lanes.ts": "GitHub's limits: what was written in the last hour",
      "github/api/one-moment.ts": "requests that are under way",
      "github/api/bounded-fetch.ts": "clients that have their bounds",
      "github/api/client.ts": "the clients themselves, and their budgets",
      "github/collect/pull-request/siblings.ts": "counts what ended a memory of the list while it was read",
      "github/collect/check/recent.ts": "counts writes, which end a memory of the list",
      "reconcile/gate/handed-over.ts": "which entries of a memory of the list were taken",
      "jobs/redis/connection.ts": "connections that are being made",
      "policy/text/dates.ts": "a constant, put together once",
      "policy/text/pattern.ts": "the core may not import the list: compiled patterns",
      "policy/text/glob.ts": "the core may not import the list: compiled globs",
      "policy/diff/classify-files.ts":
        "the core may not import the list: files of one snapshot, gone with it",
      "policy/commit-message/hotfix-commit.ts":
        "the core may not import the list: commits of one snapshot, gone with it",
    };
    const memory = /^(?:export )?const \w+ = new (?:Map|WeakMap|Set|WeakSet|LRUCache)(?:<.*>)?\(\);/m;
    const caches = /new LRUCache\b/;
    const found = files.filter((file) => {
      if (/^(?:sandbox|playground|demo)\//.test(file)) return false;
      const source = readFileSync(join("src", file), "utf8");
      return memory.test(source) || (/^(?:github|reconcile)\//.test(file) && caches.test(source));
    });
    expect(found.filter((file) => !(file in reasons))).toEqual([]);
    expect(Object.keys(reasons).filter((file) => !files.includes(file))).toEqual([]);
  });

  it("names repositories by one module", () => {
    const made = /`\$\{(?:[\w.]+\.)?owner\}\/\$\{(?:[\w.]+\.)?(?:repo|name)\}(?:#[^`]*)?`/;
    const wrong = files.filter(
      (file) =>
        /^(?:policy|render|plan|github|reconcile|report|config)\//.test(file) &&
        // What an address says: no repository that is known.
        !["policy/repository.ts", "policy/commit-message/references.ts"].includes(file) &&
        made.test(readFileSync(join("src", file), "utf8")),
    );
    expect(wrong).toEqual([]);
  });

  it("has no clock in the core", () => {
    const wrong = files.filter(
      (file) =>
        /^policy\//.test(file) &&
        /\bDate\.now\(|\bnew Date\(\)|\bperformance\.|\bsetTimeout\(|\bMath\.random\(/.test(
          readFileSync(join("src", file), "utf8"),
        ),
    );
    expect(wrong).toEqual([]);
  });

  it("has no circle between files, imports of types included", () => {
    const next = new Map<string, Set<string>>();
    for (const { file, target } of imports)
      if (files.includes(target)) next.set(file, (next.get(file) ?? new Set()).add(target));
    const done = new Set<string>();
    const circleFrom = (at: string, path: readonly string[]): readonly string[] | null => {
      if (path.includes(at)) return [...path.slice(path.indexOf(at)), at];
      if (done.has(at)) return null;
      for (const to of next.get(at) ?? []) {
        const circle = circleFrom(to, [...path, at]);
        if (circle !== null) return circle;
      }
      done.add(at);
      return null;
    };
    for (const start of next.keys()) expect(circleFrom(start, [])).toBeNull();
  });
});
