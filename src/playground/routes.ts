import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import { addActs } from "./act-routes.ts";
import { around } from "./around.ts";
import { createAssets } from "./assets.ts";
import type { Games } from "./game.ts";
import { guard } from "./guard.ts";
import { addPages } from "./page-routes.ts";
import { messagePage } from "./pages/texts.tsx";

/** What the pages need: whose games, and which documentation. */
export interface RoutesOptions {
  /** The package's folder. */
  readonly root: string;
  readonly games: Games;
  /** Where it listens. */
  readonly port: number;
}

/** No form of the pages sends more. */
const MOST_BYTES = 1024 * 1024;

/** Every address of the playground. */
export function createRoutes({ root, games, port }: RoutesOptions): Hono {
  const app = new Hono();
  app.use(guard(port));
  app.use(
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: (context) => context.text("That is more than GitHub takes.", 413),
    }),
  );
  addAssets(app);
  addPages(app, games, root);
  addActs(app, games);
  app.get("/events", (context) => events(context, games));
  app.notFound(async (context) =>
    context.html(
      messagePage("Not found", "There is no such page here.", await around(context, await games.now())),
      404,
    ),
  );
  app.onError((error, context) => context.text(`That did not work: ${error.message}`, 500));
  return app;
}

function addAssets(app: Hono): void {
  const assets = createAssets();
  app.get("/assets/:name", async (context) => {
    const asset = await assets(context.req.param("name"));
    if (asset === null) return context.text("Not found", 404);
    // The page of a diagram has no origin, and loads its scripts all the same.
    context.header("cross-origin-resource-policy", "cross-origin");
    context.header("content-type", asset.type);
    context.header("cache-control", "max-age=3600");
    return context.body(asset.content);
  });
}

const KEEP_ALIVE_MS = 15_000;

/** Tells the page whenever something changed, so that it draws itself anew. */
function events(context: Context, { changes }: Games) {
  return streamSSE(context, async (stream) => {
    const unwatch = changes.watch(() => void stream.writeSSE({ event: "change", data: "" }));
    stream.onAbort(unwatch);
    await stream.writeSSE({ event: "change", data: "" });
    while (!stream.aborted) {
      await stream.sleep(KEEP_ALIVE_MS);
      await stream.writeSSE({ event: "alive", data: "" });
    }
  });
}
