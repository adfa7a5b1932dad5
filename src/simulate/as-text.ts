import { oneLine } from "../render/text/neutralize.ts";
import { tableAsText } from "../report/as-text.ts";
import type { Simulated } from "./pull-request.ts";
import { headlineOf, type Simulation, simulationTables } from "./simulation.ts";

/** The verdict on one pull request: what the check would say is given as text by the caller. */
export function simulatedAsText(one: Simulated, checkText: string): string {
  const { repository, number, title, source, check } = one;
  return [
    `${repository}#${number}: ${oneLine(title)}`,
    `${check.conclusion ?? "in progress"}: ${check.title}`,
    `Configuration: ${source}${MODES[one.mode ?? "enforce"]}. Nothing was written.`,
    "",
    checkText,
    "",
  ].join("\n");
}

const MODES = {
  enforce: "",
  observe: " (mode: observe)",
  off: " (mode: off: the app would leave this repository alone)",
} as const;

/** What a policy would have done, for a terminal. */
export function simulationAsText(simulation: Simulation): string {
  const tables = simulationTables(simulation).filter(({ rows }) => rows.length > 0);
  return `${headlineOf(simulation).join("\n")}\n${tables.map((table) => `\n${tableAsText(table)}`).join("")}`;
}
