import { readFileSync } from "node:fs";

/**
 * The score of each folder: `node mutation/figures.js [.stryker/lines.jsonl]`. Of a sample (`MUTATION_SAMPLE=3/10`) those that no test reaches
 * are all known, the others only in part: `node mutation/figures.js .stryker/lines.jsonl 10` counts the former as a tenth.
 */
const [, , lines = ".stryker/lines.jsonl", of = "1"] = process.argv;
const parts = new Map();

function count(part, { status }) {
  const counts = parts.get(part) ?? {};
  counts[status] = (counts[status] ?? 0) + 1;
  parts.set(part, counts);
}

for (const line of readFileSync(lines, "utf8").trim().split("\n")) {
  const mutant = JSON.parse(line);
  count(mutant.file.slice(mutant.file.indexOf("src/")).split("/").slice(0, -1).join("/"), mutant);
  count("total", mutant);
}

console.log("| part | killed | of tried | no test reaches | score | of those that tests reach |");
console.log("| --- | --- | --- | --- | --- | --- |");
const percent = (part, all) => (all === 0 ? "–" : `${((100 * part) / all).toFixed(1)} %`);
for (const [part, { Killed = 0, Timeout = 0, Survived = 0, NoCoverage = 0 }] of [...parts].toSorted()) {
  const killed = Killed + Timeout;
  const tried = killed + Survived;
  const all = tried + NoCoverage / Number(of);
  console.log(
    `| \`${part}\` | ${killed} | ${tried} | ${NoCoverage} | ${percent(killed, all)} | ${percent(killed, tried)} |`,
  );
}
