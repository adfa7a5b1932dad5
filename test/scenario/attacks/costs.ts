import { readFileSync } from "node:fs";

const PAGE = readFileSync(new URL("../../../docs/security.md", import.meta.url), "utf8");

/** Acts and what each may cost at most, in requests, as docs/security.md says. */
export const COSTS: ReadonlyMap<string, number> = new Map(
  [...PAGE.matchAll(/^\| ((?:a|an) [^|]+) \| [^|]+ \| (\d+) \|$/gm)].map(([, act = "", most]) => [
    act,
    Number(most),
  ]),
);

/** What the act may cost; throws where the table does not have it. */
export function costOf(act: string): number {
  const most = COSTS.get(act);
  if (most === undefined) throw new Error(`docs/security.md does not say what this costs: ${act}`);
  return most;
}
