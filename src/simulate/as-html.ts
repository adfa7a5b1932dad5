import { pageOf } from "../report/html/page.tsx";
import { headlineOf, type Simulation, simulationTables } from "./simulation.ts";

/** What a policy would have done, as a page of its own. */
export function simulationAsHtml(simulation: Simulation): string {
  const [title = "", ...facts] = headlineOf(simulation);
  return pageOf({
    title,
    facts: facts.map((line) => line.trim()),
    charts: [],
    tables: simulationTables(simulation).filter(({ rows }) => rows.length > 0),
    footer: `From ${simulation.since} to ${simulation.until}. Made by hotfix-guard simulate; nothing was written.`,
  });
}
