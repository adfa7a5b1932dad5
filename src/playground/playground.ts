import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createGames, type GameOptions, type Games } from "./game.ts";
import { createRoutes } from "./routes.ts";

/** Where the playground listens, and with which app. */
export interface PlaygroundOptions extends Partial<GameOptions> {
  readonly manifest: GameOptions["manifest"];
  /** The package's folder, where the documentation is. */
  readonly root: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** A playground that listens. */
export interface Playground {
  /** The page to open. */
  readonly url: string;
  readonly games: Games;
  /** Ends connections, the app and the embedded GitHub. */
  close(): Promise<void>;
}

/**
 * The embedded GitHub as a web page for one person on this machine, with the real app behind it. Rejects with
 * `EADDRINUSE` where the port is taken, before anything else is started.
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { manifest, root, withApp = true } = options;
  const server = await listen(options.port);
  const { port } = server.address() as AddressInfo;
  const games = createGames({ manifest, withApp });
  server.on("request", getRequestListener(createRoutes({ root, games, port }).fetch));
  try {
    await games.now();
  } catch (error) {
    await close(server);
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    games,
    async close() {
      await close(server);
      await games.close();
    },
  };
}

function listen(port: number): Promise<Server> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
