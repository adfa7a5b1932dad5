import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Sandbox } from "../../../src/sandbox/index.ts";

/** A load balancer: each delivery to the next of them; one that does not answer is asked no more. */
export async function balance(
  sandbox: Sandbox,
  instances: readonly { readonly url: string }[],
): Promise<Server> {
  let next = 0;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const send = (tries: number): void => {
        const url = instances[next++ % instances.length]?.url;
        const call = httpRequest(`${url}${incoming.url}`, {
          method: "POST",
          headers: incoming.headers,
          agent: false,
        });
        call.on("response", (answer) => {
          response.writeHead(answer.statusCode ?? 500);
          answer.pipe(response);
        });
        call.on("error", () => (tries > 0 ? send(tries - 1) : response.writeHead(502).end()));
        call.end(body);
      };
      send(instances.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  sandbox.setWebhookUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`);
  return server;
}
