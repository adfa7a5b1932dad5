import { appendFileSync, readdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import * as vitest from "@vitest/runner";
import { expect } from "./expect.js";
import { FreshModules } from "./fresh-modules.js";
import { activate, counting, isEndless, limitTo, take, trying } from "./mutants.js";

// Compiled once, used by thousands of mutants.
setFlagsFromString("--no-flush-bytecode");

/** Which files have the tests: folders, and files by what their name starts with. */
const TESTS = process.env.MUTATION_TESTS?.split(",") ?? [
  "test/policy/",
  "test/plan/",
  "test/render/post-mortem",
  "test/github/apply",
];

/**
 * Left out: what reads the source, starts a shell or git a hundred times, or says that a megabyte is read in linear time, which is no
 * mutant's matter.
 */
const LEFT_OUT =
  /^test\/policy\/(fix\/block|text\/human-text)|linear|1 MB|as much as GitHub takes|stays quick|in no time|ended soon|execute nothing/;

/** A property is tried with at most this many inputs. */
const MOST_RUNS = 50;

function testFiles(root) {
  return readdirSync(resolve(root, "test"), { recursive: true })
    .map((name) => `test/${name}`)
    .filter(
      (name) =>
        name.endsWith(".test.ts") && TESTS.some((start) => name.startsWith(start)) && !LEFT_OUT.test(name),
    )
    .toSorted()
    .map((name) => resolve(root, name));
}

function testsOf(suite) {
  return suite.tasks.flatMap((task) => (task.type === "test" ? [task] : testsOf(task)));
}

/** `test/policy/labels.test.ts#labels are …`; a second one of that name ends in `(2)`. */
function named(file, root) {
  const path = relative(root, file.filepath);
  const seen = new Map();
  return testsOf(file).map((test) => {
    const names = [];
    for (let task = test; task && task !== file; task = task.suite) names.unshift(task.name);
    const name = names.join(" ");
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { test, name, id: `${path}#${name}${count > 1 ? ` (${count})` : ""}` };
  });
}

const CONFIG = {
  sequence: { hooks: "stack", setupFiles: "list" },
  setupFiles: [],
  passWithNoTests: true,
  allowOnly: false,
  maxConcurrency: 1,
  testTimeout: 0,
  hookTimeout: 0,
  retry: 0,
  tags: [],
};

/** `MUTATION_SAMPLE=0/3`: every third mutant of all, the first of each three; the others count as errors, which no score knows. */
const [FIRST, OF] = (process.env.MUTATION_SAMPLE ?? "0/1").split("/").map(Number);
const isInSample = (mutant) => Number(mutant) % OF === FIRST;

/** What stands for the making of a file's tables, before its tests run: whoever is reached there is tried with all of its tests. */
const TABLES = "#the tables of this file";

/** Stryker's numbers. */
const PASSED = 0;
const FAILED = 1;
const failure = (task) => ({ status: FAILED, failureMessage: task.result?.errors?.[0]?.message ?? "failed" });

function resultOf({ test, name, id }) {
  return {
    id,
    name,
    fileName: test.file.filepath,
    timeSpentMs: test.result?.duration ?? 0,
    status: PASSED,
    ...(test.result?.state === "fail" ? failure(test) : {}),
  };
}

/**
 * Runs the tests by Vitest's own runner in Stryker's process, each file with modules of its own: what costs Vitest's worker a second costs
 * some milliseconds.
 */
class InProcessRunner {
  #root = process.cwd();
  #modules = new FreshModules({ vitest: { ...vitest, expect } }, /\/src\/(config\/|policy\/text\/dates)/);
  #files = testFiles(this.#root);

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    await this.#modules.prepare(this.#files);
    const fc = this.#modules.package("fast-check");
    if (!fc) return;
    // The same inputs for every mutant, and no search for the smallest one that fails.
    fc.configureGlobal({ seed: 1, endOnFailure: true });
    const { assert } = fc;
    fc.assert = (property, { numRuns = MOST_RUNS, ...more } = {}) =>
      assert(property, { ...more, numRuns: Math.min(numRuns, MOST_RUNS) });
    fc.default = { ...fc.default, assert: fc.assert };
  }

  async dryRun() {
    const tests = [];
    const mutantCoverage = { static: {}, perTest: {} };
    for (const file of this.#files) {
      const start = performance.now();
      const found = await this.#run(file, { coverage: mutantCoverage });
      const id = `${relative(this.#root, file)}${TABLES}`;
      // All that is not its tests: so Stryker takes nothing for an overhead that it would wait for at each mutant.
      const timeSpentMs = found.reduce((left, test) => left - test.timeSpentMs, performance.now() - start);
      tests.push(...found, { id, name: TABLES, fileName: file, timeSpentMs, status: PASSED });
    }
    const failed = tests.find(({ status }) => status === FAILED);
    if (failed) return { status: "error", errorMessage: `${failed.id}: ${failed.failureMessage}` };
    return { status: "complete", tests, mutantCoverage };
  }

  async mutantRun({ activeMutant: { id: mutant }, mutantActivation, testFilter, hitLimit, sandboxFileName }) {
    if (!isInSample(mutant)) return { status: "error", errorMessage: "not in the sample" };
    limitTo(hitLimit);
    const only = testFilter && new Set(testFilter);
    const files = only ? this.#nearestFirst(testFilter, sandboxFileName) : this.#files;
    let nrOfTests = 0;
    let failed;
    for (const file of files) {
      const tests = await this.#run(file, { only, mutant, isStatic: mutantActivation === "static" });
      nrOfTests += tests.length;
      failed = tests.find(({ status }) => status === FAILED);
      if (failed || isEndless()) break;
    }
    if (isEndless()) return { status: "timeout", reason: `ran more than ${hitLimit} times` };
    if (!failed) return { status: "survived", nrOfTests };
    // A mutant may change the name of a row.
    const by = !only || only.has(failed.id) ? failed.id : testFilter[0];
    return { status: "killed", killedBy: [by], failureMessage: failed.failureMessage, nrOfTests };
  }

  /** The files of these tests: first those that are called and lie as the changed file does, then those with the fewest of them. */
  #nearestFirst(ids, changed) {
    const counts = new Map();
    for (const id of ids) {
      const file = resolve(this.#root, id.slice(0, id.indexOf("#")));
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    const place = relative(resolve(this.#root, "src"), changed).replace(/ts$/, "");
    const distance = (file) => {
      const name = relative(resolve(this.#root, "test"), file);
      let same = 0;
      while (same < place.length && place[same] === name[same]) same += 1;
      return -same;
    };
    return [...counts].toSorted(([a, m], [b, n]) => distance(a) - distance(b) || m - n).map(([file]) => file);
  }

  /**
   * Runs a file's tests (`only` these) until one fails; all of them where what they cover is asked for, which is added to `coverage`.
   */
  async #run(path, { only, mutant, isStatic, coverage }) {
    let ids;
    let failed = false;
    const add = (to) => {
      for (const [id, count] of Object.entries(take())) to[id] = (to[id] ?? 0) + count;
      return to;
    };
    const tables = `${relative(this.#root, path)}${TABLES}`;
    const all = only?.has(tables);
    const begin = () => {
      activate(mutant);
      if (coverage) add(coverage.static);
    };
    activate(isStatic ? mutant : undefined);
    const nock = this.#modules.package("nock")?.default;
    if (nock && !nock.isActive()) nock.activate();
    const [file] = await vitest.startTests([path], {
      config: { ...CONFIG, root: this.#root },
      importFile: (name) => this.#modules.load(name, coverage ? counting : trying, begin),
      onBeforeRunFiles: ([collected]) => {
        ids = named(collected, this.#root);
        for (const { test, id } of ids)
          if (LEFT_OUT.test(id) || (only && !all && !only.has(id))) test.mode = "skip";
        if (coverage) coverage.perTest[tables] = add({});
      },
      onBeforeRunTask: (test) => {
        if (failed && !coverage) test.mode = "skip";
        if (coverage) add(coverage.static);
      },
      onAfterRunTask: (test) => {
        failed ||= test.result?.state === "fail";
        if (coverage) coverage.perTest[ids.find((one) => one.test === test).id] = add({});
      },
    });
    activate(undefined);
    if (coverage) add(coverage.static);
    const results = ids.filter(({ test }) => test.result && test.result.state !== "skip").map(resultOf);
    const broken = file.result?.state === "fail" && !failed;
    return broken ? [...results, { id: tables, timeSpentMs: 0, ...failure(file) }] : results;
  }
}

/** Writes each result when it is there: a run that was stopped has figures too. */
class LinesReporter {
  onMutantTested({ fileName, status, mutatorName, replacement, location, isStatic }) {
    const file = relative(process.cwd(), fileName);
    appendFileSync(
      ".stryker/lines.jsonl",
      `${JSON.stringify({ file, status, mutatorName, replacement, location, isStatic })}\n`,
    );
  }
}

export const strykerPlugins = [
  { kind: "TestRunner", name: "in-process", injectableClass: InProcessRunner },
  { kind: "Reporter", name: "lines", injectableClass: LinesReporter },
];
