/**
 * Which mutant is active, and which ones a test runs. Stryker writes both as functions at the head of each file it changes: they look into a
 * global object and count by name, at every step of every loop. Here the head is taken off, and the two are passed to the module: a mutant
 * that is not the one costs a comparison of numbers, and counting an increment.
 */
const HEAD = /function stryNS_9fa48\(\) \{[\s\S]*?return isActive\(id\);\n\}\n/;
const CALLS = /\bstry(?:Cov|MutAct)_9fa48\([\s"\d,]*\)/g;

/** The names by which changed code asks. */
export const NAMES = ["stryCov_9fa48", "stryMutAct_9fa48"];

/** Changed code without its head, with numbers for names. Of `\v` Stryker makes `\V`, which no expression may have. */
export const plain = (code) =>
  HEAD.test(code)
    ? code
        .replace(HEAD, "")
        .replace(CALLS, (call) => call.replaceAll('"', ""))
        .replaceAll("\\V", "\\v")
    : code;

let active = -1;
let hits = 0;
let most = Number.POSITIVE_INFINITY;
const counts = new Uint32Array(1 << 16);

/** What stands for the two: while mutants are tried nothing is counted. */
export const trying = [() => undefined, (id) => id === active && hit()];

/** While it is seen which test runs which mutant none is active. */
export const counting = [
  (...ids) => {
    for (const id of ids) counts[id] += 1;
  },
  () => false,
];

function hit() {
  hits += 1;
  if (hits > most) throw new Error(`a mutant was run more than ${most} times`);
  return true;
}

/** From now on this mutant is active (`undefined`: none). */
export function activate(id) {
  active = id === undefined ? -1 : Number(id);
}

/** Begins a mutant anew; it ends when it has run more often than `limit`. */
export function limitTo(limit = Number.POSITIVE_INFINITY) {
  hits = 0;
  most = limit;
}

/** Whether it ran too often: it would not have ended. */
export const isEndless = () => hits > most;

/** What was counted since the last time, by mutant. */
export function take() {
  const found = {};
  counts.forEach((count, id) => {
    if (count > 0) found[id] = count;
  });
  counts.fill(0);
  return found;
}
