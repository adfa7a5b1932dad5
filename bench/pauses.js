// The longest time that hostile input holds the event loop: `npm run build && node bench/pauses.js`. What runs in one go is measured in processor
// time, which a busy machine does not stretch; the server by the delay of its own event loop.
import { createHmac } from "node:crypto";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { snapshot } from "./pure.js";

const AIM_MS = 50;
const RUNS = 3;
const MB = 1_000_000;
const many = (count, one) => Array.from({ length: count }, (_, i) => one(i));
const bytes = (text) => new TextEncoder().encode(text);
const known = (value) => ({ known: true, value });

/** What a configuration can do. */
function configurations({ parseConfig }) {
  const list = (key, items) => `${key}\n${items.map((item) => `    - '${item}'\n`).join("")}`;
  const alias = ["a: &a [x, x, x, x, x, x, x, x, x]"].concat(
    [..."bcdefghijk"].map(
      (key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghijk"[i]}`).join(", ")}]`,
    ),
  );
  const texts = {
    "configuration of 1 MB": "a: b\n".repeat(MB / 5),
    "configuration of 250 kB in long lines": `mode: "${`${"a".repeat(9_000)}\n `.repeat(27)}"`,
    "100 patterns a{1000} × 70": list(
      "commit:\n  issues:",
      many(100, (i) => `${"a{1000}".repeat(70)}${i}`),
    ),
    "100 patterns of nested repeats": list(
      "commit:\n  issues:",
      many(100, (i) => `${"(?:a{30}){30}".repeat(30)}${i}`),
    ),
    "patterns as large as allowed": list(
      "commit:\n  issues:",
      many(6, (i) => `a{980}${i}`),
    ),
    "globs **/**/**… of 250 kB": list(
      "components:\n  a:",
      many(100, (i) => `${"**/".repeat(90)}${i}`),
    ),
    "globs of 64 alternatives": list(
      "components:\n  a:",
      many(100, (i) => `${"{a,b}".repeat(6)}/${"x".repeat(200)}${i}`),
    ),
    "aliases of aliases": alias.join("\n"),
    "3,000 unknown keys": many(3_000, (i) => `key${i}: 1`).join("\n"),
    "nested lists": "[".repeat(100_000),
  };
  return Object.entries(texts).map(([what, text], run) => [
    what,
    // Parsed anew each time.
    () => parseConfig([{ file: `${run}.yml`, bytes: bytes(text) }]),
  ]);
}

/** What a pull request can do, with the default policy and with one that has all that is allowed. */
function pullRequests({ evaluate, defaultPolicy, shortMessages, shortPatches }) {
  const policy = defaultPolicy();
  const reading = (more = {}) => ({ state: "valid", policy: { ...policy, ...more }, source: "bench" });
  const change = (more) => ({ ...snapshot(1, 5), ...more });
  const commits = (count, message) =>
    known(
      many(count, (i) => ({ ...snapshot(1, 1).commits.value[0], sha: String(i).padStart(40, "0"), message })),
    );
  const files = (count, path, patch) =>
    known(many(count, (i) => ({ ...snapshot(1, 1).files.value[0], path: path(i), patch })));
  const comments = (count, body) => {
    const base = snapshot(1, 5);
    const author = { login: "mallory", type: "User" };
    const one = (id) => ({
      id,
      author,
      byApp: false,
      body,
      createdAt: "2025-10-14T10:20:00Z",
      updatedAt: "2025-10-14T10:20:00Z",
      url: "u",
    });
    return { history: known({ ...base.history.value, comments: many(count, one) }) };
  };
  const evil = "*a".repeat(60);
  const components = { a: many(90, (i) => `${evil}?b*${"?".repeat(100)}${i}`) };
  const long = `@@ -1 +1 @@\n+${"a ".repeat(MB / 2)}`;
  const inputs = {
    "300 files with lines of 1 MB": [change({ files: files(300, (i) => `src/a/${i}.py`, long) })],
    "3,000 files": [change({ files: files(3_000, (i) => `src/${i % 90}/${i}.py`, "@@ -1 +1 @@\n-a\n+b") })],
    "a patch of 20,000 lines": [
      change({ files: files(5, (i) => `src/${i}.py`, `@@ -1 +20000 @@\n${"+/* HOTFIX\n".repeat(20_000)}`) }),
    ],
    "3,000 paths that fit the globs": [
      change({ files: files(3_000, (i) => `${"a".repeat(250)}${i}`, "") }),
      { components },
    ],
    "250 titles of 65 kB": [change({ commits: commits(250, `HOTFIX: ${"a ".repeat(32_000)}`) })],
    "250 messages of 1.6 kB": [
      change({ commits: commits(250, `HOTFIX: x\n\n${"Fixes: #1\nImpact: ".repeat(83)}`) }),
    ],
    "250 messages of 65 kB": [
      change({ commits: commits(250, `HOTFIX: x\n\n${"Fixes: #1\nImpact: ".repeat(3_400)}`) }),
    ],
    "a message of quotes": [change({ commits: commits(1, `HOTFIX: x\n\n${">".repeat(60_000)}`) })],
    "a body of 65 kB of open comments": [
      { ...change({}), pullRequest: { ...change({}).pullRequest, body: "<!-- ".repeat(13_000) } },
    ],
    "a body of 65 kB of tick boxes": [
      { ...change({}), pullRequest: { ...change({}).pullRequest, body: "- [ ] x\n".repeat(8_000) } },
    ],
    "5,000 comments": [change(comments(5_000, "/hotfix recheck"))],
    "100 comments of 65 kB": [change(comments(100, `/hotfix override scope ${"x ".repeat(32_000)}`))],
  };
  return Object.entries(inputs).map(([what, [input, more]]) => {
    const json = JSON.stringify(input);
    // As it is collected.
    const run = (given) =>
      evaluate(
        { ...given, commits: shortMessages(given.commits), files: known(shortPatches(given.files.value)) },
        reading(more),
        null,
      );
    return [what, run, () => JSON.parse(json)];
  });
}

/** What a comment, a body or a message can do. */
function texts({ parseCommand, prose, parseMessage, visibleLines }) {
  const evil = {
    ">>>>": ">".repeat(65_000),
    "[[[[": "[".repeat(65_000),
    "****": "*a **b ".repeat(9_000),
    "- - -": "- ".repeat(32_000),
    "````": "`a``b".repeat(13_000),
    "<<<<": "<a ".repeat(21_000),
    "nested quotes and lists": `${"> - ".repeat(200)}x\n`.repeat(80),
    tables: `${"|a".repeat(200)}\n${"|-".repeat(200)}\n`.repeat(80),
    "link definitions": "[a]: <b\n".repeat(8_000),
    "&&&&": "&a".repeat(32_000),
  };
  return Object.entries(evil).flatMap(([what, text]) => [
    [
      `comment of 65 kB: ${what}`,
      () => parseCommand(`${text}\n\n/hotfix recheck\n\n${text}`.slice(0, 65_536)),
    ],
    [`message of 65 kB: ${what}`, () => parseMessage(`HOTFIX: x\n\n${text}`)],
    [`body of 65 kB: ${what}`, () => visibleLines(text, { code: true })],
    [`text of 65 kB, shown: ${what}`, () => prose(text)],
  ]);
}

/** Milliseconds of processor time, the best of some runs: the first one compiles. */
function longest(run, make) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    const input = make?.();
    const before = process.cpuUsage();
    run(input);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}

/** A signed body of 25 MB through the server's own reader, with the longest delay of the event loop meanwhile. */
async function largePayload({ createPayloadReader }) {
  const secret = "secret";
  const reader = createPayloadReader({ secret, verify: async () => true });
  const commits = many(2_048, () => ({ message: "x".repeat(12_000) }));
  const body = Buffer.from(JSON.stringify({ ref: "refs/heads/x", commits }));
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  await reader.read(body, signature);
  let last = performance.now();
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  await reader.read(body, signature);
  clearInterval(timer);
  await reader.close();
  return most;
}

/** Rows of `{ what, ms, aim }`, the longest first. */
export async function measurePauses(dist = new URL("../dist/", import.meta.url)) {
  const load = (path) => import(new URL(path, dist).href);
  const modules = Object.assign(
    {},
    ...(await Promise.all(
      [
        "config/index.js",
        "policy/evaluate.js",
        "policy/command.js",
        "policy/commit-message/parse.js",
        "policy/commit-message/visible-lines.js",
        "render/text/neutralize.js",
        "server/payload.js",
        "github/collect/git/changes.js",
      ].map(load),
    )),
  );
  const cases = [...configurations(modules), ...pullRequests(modules), ...texts(modules)];
  const rows = cases.map(([what, run, make]) => ({ what, ms: longest(run, make), aim: AIM_MS }));
  rows.push({
    what: "signed webhook of 25 MB (delay of the loop)",
    ms: await largePayload(modules),
    aim: AIM_MS,
  });
  return rows.sort((a, b) => b.ms - a.ms);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { what, ms, aim } of await measurePauses())
    console.log(`${what.padEnd(52)}${ms.toFixed(1).padStart(9)} ms${ms > aim ? "   TOO LONG" : ""}`);
}
