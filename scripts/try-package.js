// `npm run test:package`: packs the package, installs it in an empty directory with production dependencies
// only, and uses it as a stranger would. Needs a registry, or npm's cache.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "hotfix-guard-package-"));
/** Nothing of this machine's settings, or of npm's own for its scripts. */
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: process.env.LANG };
/** What is of use to nobody who installs it. */
const NOT_SHIPPED = /^(?:src|test|bench|scripts|docs\/images)\/|\.map$|\.env$|tsconfig|vitest/;
const MOST_BYTES = 1_000_000;

/** What is typed, with which exit status it ends, and what it says. */
const STEPS = [
  ["--version", 0, /^\d+\.\d+\.\d+/],
  ["", 0, /hotfix-guard/],
  ["validate hotfix.yml", 0, /valid/],
  ["validate broken.yml", 1, /broken\.yml:2:/],
  ["explain scope", 0, /scope/],
  ["init --yes", 0, /\.github\/hotfix\.yml/],
  ["validate", 0, /valid/],
  ["start late-refunds --issue 12 --severity P1", 0, /hotfix\/late-refunds/],
  ["check", 1, /commit-message/],
  ["serve", 2, /APP_ID/],
  ["nonsense", 2, /nonsense/],
  ["demo", 0, /post-mortem/i],
];

try {
  const [packed] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", work], root),
  );
  const extra = packed.files.map(({ path }) => path).filter((path) => NOT_SHIPPED.test(path));
  demand(extra.length === 0, `ships what nobody needs: ${extra.join(", ")}`);
  demand(packed.size < MOST_BYTES, `is ${packed.size} bytes`);
  console.log(
    `${packed.filename}: ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked, ${packed.files.length} files`,
  );

  writeFileSync(
    join(work, "package.json"),
    '{ "private": true, "overrides": { "@octokit/request": "10.0.14" } }\n',
  );
  run(
    "npm",
    ["install", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline", join(work, packed.filename)],
    work,
  );
  for (const [name, text] of [
    ["hotfix.yml", "version: 1\n"],
    ["broken.yml", "version: 1\nrols: {}\n"],
    [".gitignore", "node_modules\n"],
  ])
    writeFileSync(join(work, name), text);
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "-A"],
    ["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "Begin"],
  ])
    run("git", args, work);

  for (const [typed, status, said] of STEPS) {
    const args = ["--no-install", "hotfix-guard", ...typed.split(" ").filter(Boolean)];
    const result = spawnSync("npx", args, {
      cwd: work,
      env: environment,
      encoding: "utf8",
      timeout: 180_000,
    });
    const output = `${result.stdout}${result.stderr}`;
    demand(
      result.status === status && said.test(output),
      `\`hotfix-guard ${typed}\` ended with ${result.status}:\n${output}`,
    );
    console.log(`ok   hotfix-guard ${typed}`);
  }
  await visitPlayground();
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The pages of `demo --open` and all that they load are there. */
async function visitPlayground() {
  const program = spawn("node_modules/.bin/hotfix-guard", ["demo", "--open"], {
    cwd: work,
    env: { ...environment, BROWSER: "/bin/false" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  let output = "";
  for await (const chunk of program.stdout) {
    output += chunk;
    if (output.includes("Ctrl-C")) break;
  }
  const [, url] = /(http:\S+)/.exec(output) ?? [];
  demand(url !== undefined, `does not serve the playground:\n${output}`);
  const page = await (await fetch(url)).text();
  const loaded = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  const others = ["/assets/idiomorph.js", "/assets/mermaid.js", "/assets/diagram.js", "/docs/rules/scope.md"];
  for (const path of [...loaded, ...others]) {
    const { status } = await fetch(`${url}${path}`);
    demand(status === 200, `answers ${status} for ${path} of the playground`);
  }
  program.kill("SIGINT");
  await ended;
  console.log("ok   hotfix-guard demo --open");
}

function run(command, args, cwd) {
  return execFileSync(command, args, {
    cwd,
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function demand(holds, what) {
  if (!holds) throw new Error(`The package ${what}`);
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1_000)} kB`;
}
