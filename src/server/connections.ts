import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { slowest } from "./slowest.ts";

interface Connection {
  readonly socket: Socket;
  readonly since: number;
  readonly bytes: number;
  /** What it is asked now; `null`: nothing yet, or nothing again. */
  request: IncomingMessage | null;
  answered: number;
}

/**
 * Holds the server to so many connections. Refusing new ones would let whoever holds them keep GitHub out; so
 * with each one too many the slowest goes whose request is not whole, and where there is none, the one that
 * has been idle longest. Whoever is being answered stays.
 */
export function limitConnections(server: Server, most: number): void {
  const open = new Map<Socket, Connection>();

  server.on("connection", (socket: Socket) => {
    const connection: Connection = {
      socket,
      since: Date.now(),
      get bytes() {
        return socket.bytesRead;
      },
      request: null,
      answered: 0,
    };
    open.set(socket, connection);
    socket.once("close", () => open.delete(socket));
    if (open.size <= most) return;
    const others = [...open.values()].filter((one) => one !== connection);
    const unfinished = others.filter(({ request, answered }) =>
      request === null ? answered === 0 : !request.complete,
    );
    const idle = others.filter(({ request, answered }) => request === null && answered > 0);
    const victim = slowest(unfinished, Date.now()) ?? idle[0] ?? connection;
    open.delete(victim.socket);
    victim.socket.destroy();
  });

  server.on("request", (request, response) => {
    const connection = open.get(request.socket);
    if (connection === undefined) return;
    connection.request = request;
    response.once("close", () => {
      connection.request = null;
      connection.answered++;
    });
  });
}
