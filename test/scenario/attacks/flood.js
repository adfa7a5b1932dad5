// Opens connections that never come to an end, in a process of its own, so that what is measured is the
// server: node flood.js PORT COUNT KIND
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const MB = 1024 * 1024;
const HEAD =
  "POST /api/github/webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: d\r\nX-Hub-Signature-256: sha256=00\r\n";
const most = Buffer.alloc(900_000, " ");
const KINDS = {
  bodies: [`${HEAD}Content-Length: 900001\r\n\r\n`, most],
  chunked: [`${HEAD}Transfer-Encoding: chunked\r\n\r\ndbba0\r\n`, most, "\r\n"],
  large: [`${HEAD}Content-Length: ${25 * MB}\r\n\r\n`, Buffer.alloc(24 * MB, " ")],
  heads: [HEAD],
  silent: [],
};
const [port, count, kind] = process.argv.slice(2);
for (let i = 0; i < Number(count); i++) {
  const socket = connect(Number(port), "127.0.0.1").on("error", () => {});
  for (const text of KINDS[kind]) socket.write(text);
  // As many at once as the system's backlog takes.
  if (i % 50 === 49) await pause(10);
}
process.stdout.write("open\n");
// Until it is killed.
setInterval(() => {}, 60_000);
