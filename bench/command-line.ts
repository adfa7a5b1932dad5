// How long a person waits for a command: the whole process, from its start to its end.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { MESSAGE } from "../test/cli/repository.ts";
import { type Row, spreadRow } from "./row.ts";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const FILE = fileURLToPath(new URL("../fixtures/hotfix.yml", import.meta.url));
const RUNS = 5;

/** The commands that people wait for without a network. */
export async function measureCommandLine(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "hotfix-guard-bench-"));
  try {
    return [
      { what: "hotfix-guard --help", ...(await measure(["--help"], folder)) },
      { what: "hotfix-guard validate", ...(await measure(["validate", FILE], folder)) },
      {
        what: "hotfix-guard check, an ordinary branch (3 of 300 files)",
        aim: 500,
        ...(await measure(["check"], branch(join(folder, "ordinary"), 300, 3))),
      },
      {
        what: "hotfix-guard check, 1,000 files changed",
        aim: 1_500,
        ...(await measure(["check"], branch(join(folder, "large"), 1_200, 1_000))),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(args: readonly string[], cwd: string) {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    // A rule that fails ends it with 1: as long as it would take to pass.
    await new Promise<void>((done) => execFile(process.execPath, [MAIN, ...args], { cwd }, () => done()));
    times.push(performance.now() - start);
  }
  return spreadRow(times);
}

/** A clone with so many files, on a hotfix branch that changes so many of them. */
function branch(path: string, files: number, changed: number): string {
  mkdirSync(path, { recursive: true });
  const as = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
  const git = (...args: readonly string[]) => execFileSync("git", [...as, ...args], { cwd: path });
  const write = (count: number, last: string) => {
    for (let i = 0; i < count; i++) {
      const file = join(path, `src/part-${i % 20}/file-${i}.py`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${"value = 1\n".repeat(40)}${last}`);
    }
  };
  git("init", "-q", "-b", "main");
  write(files, "");
  git("add", "--all");
  git("commit", "-q", "-m", "All");
  git("switch", "-q", "-c", "hotfix/signature");
  write(changed, "value = 2  # HOTFIX: Issue #123 - read it once\n");
  git("commit", "-q", "-a", "-m", MESSAGE);
  return path;
}
