import { readdirSync, readFileSync } from "node:fs";
import { ProbotOctokit } from "probot";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { OPTIONAL_PERMISSIONS } from "../src/github/api/client.ts";
import {
  ADMINISTRATION_EVENTS,
  HEARD_EVENTS,
  OPTIONAL_EVENTS,
  UNSUBSCRIBED_EVENTS,
} from "../src/webhooks/events.ts";
import {
  ADMINISTRATION,
  type Level,
  OPTIONAL_ROUTES,
  PERSONS_ROUTES,
  type Permissions,
  ROUTES,
} from "./support/routes.ts";

/** app.yml and the code ask for the same: least permissions, and exactly the events that are heard. */

interface Manifest {
  readonly default_events: readonly string[];
  readonly default_permissions: Permissions;
}

const TEXT = readFileSync("app.yml", "utf8");
const MANIFEST = parse(TEXT) as Manifest;
/** As an operator makes it who wants what is optional: the comment signs before those lines taken away. */
const WHOLE = parse(TEXT.replace(/^( {2})# (?=[^\n]* # optional: )/gm, "$1")) as Manifest;

/** What GitHub asks for to send an event ("Webhook events and payloads"). */
const EVENTS: Readonly<Record<string, Permissions>> = {
  check_run: { checks: "read" },
  check_suite: { checks: "read" },
  issue_comment: { issues: "read", pull_requests: "read" },
  issues: { issues: "read" },
  label: { metadata: "read" },
  member: { members: "read" },
  membership: { members: "read" },
  merge_group: { merge_queues: "read" },
  organization: { members: "read" },
  pull_request: { pull_requests: "read" },
  pull_request_review: { pull_requests: "read" },
  push: { contents: "read" },
  repository: { metadata: "read" },
  team: { members: "read" },
};

describe("app.yml", () => {
  it("subscribes to exactly the events that are heard, in alphabetical order", () => {
    const others = [...UNSUBSCRIBED_EVENTS, ...OPTIONAL_EVENTS, ...ADMINISTRATION_EVENTS];
    const subscribed = HEARD_EVENTS.filter((event) => !others.includes(event));
    expect(MANIFEST.default_events).toEqual([...subscribed].sort());
    expect(HEARD_EVENTS).toEqual(expect.arrayContaining(others));
  });

  it("knows what GitHub asks for each event, and for each route in the code; nothing else is listed here", () => {
    expect(Object.keys(EVENTS).sort()).toEqual([...MANIFEST.default_events].sort());
    expect(
      [...Object.keys(ROUTES), ...Object.keys(OPTIONAL_ROUTES), ...PERSONS_ROUTES, ...ADMINISTRATION].sort(),
    ).toEqual([...routesInUse()].sort());
  });

  it("asks for the least permissions that do", () => {
    expect(MANIFEST.default_permissions).toEqual(needed([ROUTES, EVENTS]));
  });

  it("offers what is optional as comments: the same as in the code, and nothing that is not made use of", () => {
    expect(WHOLE.default_events).toEqual([...MANIFEST.default_events, ...OPTIONAL_EVENTS]);
    expect(WHOLE.default_permissions).toEqual({ ...MANIFEST.default_permissions, ...OPTIONAL_PERMISSIONS });
    expect(OPTIONAL_PERMISSIONS).toEqual(needed([OPTIONAL_ROUTES]));
  });
});

function needed(lists: readonly Readonly<Record<string, Permissions>>[]): Permissions {
  const all: Record<string, Level> = {};
  for (const permissions of lists.flatMap((one) => Object.values(one))) {
    for (const [name, level] of Object.entries(permissions)) {
      if (all[name] !== "write") all[name] = level;
    }
  }
  return all;
}

type Methods = Readonly<
  Record<string, { readonly endpoint?: { readonly DEFAULTS: { method: string; url: string } } }>
>;

/** Every route that the app's own code names, as `GET /…` or as a method of Octokit's `rest`. */
function routesInUse(): ReadonlySet<string> {
  const rest = new ProbotOctokit().rest as unknown as Readonly<Record<string, Methods>>;
  const routes = new Set<string>();
  for (const { file, text } of sources()) {
    for (const [, route = ""] of text.matchAll(/["'`]((?:GET|POST|PATCH|PUT|DELETE) \/[^\s"'`]*)["'`]/g))
      routes.add(route);
    const use = (namespace: string, method: string) => {
      const defaults = rest[namespace]?.[method]?.endpoint?.DEFAULTS;
      expect(defaults, `${file}: rest.${namespace}.${method}`).toBeDefined();
      if (defaults !== undefined) routes.add(`${defaults.method} ${defaults.url}`);
    };
    let understood = 0;
    for (const [, namespace = "", method = ""] of text.matchAll(/(?<!\.)\.rest\s*\.(\w+)\s*\.(\w+)/g)) {
      understood += 1;
      use(namespace, method);
    }
    // const { issues } = client.octokit.rest; … issues.create(…)
    for (const [, names = ""] of text.matchAll(/const \{([^}:]+)\} = [\w.]*\boctokit\.rest;/g)) {
      understood += 1;
      for (const namespace of names.split(",").map((name) => name.trim())) {
        for (const [, method = ""] of text.matchAll(
          new RegExp(`\\b(?<!\\.)${namespace}\\s*\\.(\\w+)`, "g"),
        )) {
          // Another list in the file may have the same name.
          if (rest[namespace]?.[method] !== undefined) use(namespace, method);
        }
      }
    }
    // const { rest } = octokit; … rest.issues.create(…)
    for (const [, namespace = "", method = ""] of text.matchAll(/(?<![.\w])rest\s*\.(\w+)\s*\.(\w+)\(/g))
      use(namespace, method);
    const uses = text.match(/(?<!\.)\.rest\b/g)?.length ?? 0;
    expect(uses, `${file}: a use of .rest that this test does not read`).toBe(understood);
    // A route that is put together at run time could not be found.
    expect(text, `${file}: write the route as a text`).not.toMatch(
      /octokit\s*\.(?:request|graphql|paginate(?:\.iterator)?)\(\s*(?!["']|[\w.]*octokit\s*\.rest\b)/,
    );
    if (!GRAPHQL.includes(file))
      expect(text, `${file}: GraphQL asks for other permissions`).not.toMatch(/\.graphql\b/);
  }
  return routes;
}

/** Metadata is all that the first takes, members the second, and merge queues the third. */
const GRAPHQL = [
  "github/collect/merge-settings.ts",
  "report/read.ts",
  "github/collect/pull-request/merge-queue.ts",
];

/** Sandbox and demo are not the app: they play GitHub and its users. The pure folders speak to nobody. */
function sources(): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter(
      (file) => file.endsWith(".ts") && !/^(?:sandbox|demo|policy|config|render|plan|jobs)\b/.test(file),
    )
    .map((file) => ({ file, text: readFileSync(`src/${file}`, "utf8") }));
}
