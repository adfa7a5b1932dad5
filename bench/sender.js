// A sender of its own, as GitHub is: how long an answer takes is not to depend on how busy this GitHub is.
import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";
import { parentPort } from "node:worker_threads";

const agent = new Agent({ keepAlive: true, maxSockets: 100 });

parentPort?.on("message", ({ id, url, headers, body }) => {
  const start = performance.now();
  const done = (/** @type {number} */ status) =>
    parentPort?.postMessage({ id, status, ackMs: performance.now() - start });
  const sent = request(url, { method: "POST", headers, agent }, (answer) => {
    answer.resume();
    answer.on("end", () => done(answer.statusCode ?? 0));
  });
  sent.on("error", () => done(0));
  sent.end(body);
});
