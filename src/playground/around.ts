import type { Context } from "hono";
import type { Game } from "./game.ts";
import type { Around } from "./pages/view.ts";
import { readIssues, readPulls } from "./read.ts";
import { actor, takesTour, told } from "./visitor.ts";

/** What every page shows around its content, for this visitor now. */
export async function around(context: Context, { company, tour }: Game): Promise<Around> {
  const { sandbox, clock } = company;
  const open = ({ state }: { state: string }) => state === "open";
  return {
    path: context.req.path,
    me: actor(context),
    now: clock.now(),
    github: sandbox.url,
    openIssues: (await readIssues(sandbox)).filter(open).length,
    openPulls: (await readPulls(sandbox)).filter(open).length,
    tour: takesTour(context) ? await tour.state() : null,
    said: told(context),
    appEnded: company.appEnded(),
  };
}
