import { readFileSync } from "node:fs";

/** The score of each folder, of these reports of Stryker together: `node mutation/figures.js [report.json…]`. */
const parts = new Map();

function count(part, { status }) {
  const counts = parts.get(part) ?? {};
  counts[status] = (counts[status] ?? 0) + 1;
  parts.set(part, counts);
}

for (const report of process.argv.length > 2 ? process.argv.slice(2) : [".stryker/report.json"])
  for (const [file, { mutants }] of Object.entries(JSON.parse(readFileSync(report, "utf8")).files))
    for (const mutant of mutants) {
      count(file.split("/").slice(0, -1).join("/"), mutant);
      count("total", mutant);
    }

console.log(
  "| part | killed | of all | score | of those that tests reach |\n| --- | --- | --- | --- | --- |",
);
const percent = (part, all) => (all === 0 ? "–" : `${((100 * part) / all).toFixed(1)} %`);
for (const [part, { Killed = 0, Timeout = 0, Survived = 0, NoCoverage = 0 }] of [...parts].toSorted()) {
  const killed = Killed + Timeout;
  const reached = killed + Survived;
  console.log(
    `| \`${part}\` | ${killed.toLocaleString("en")} | ${(reached + NoCoverage).toLocaleString("en")} | ${percent(killed, reached + NoCoverage)} | ${percent(killed, reached)} |`,
  );
}
