// An instance whose event loop is blocked for longer than its lock; arguments: the compiled program,
// REDIS_URL.
const [, , dist, url] = process.argv;
const { createRedisQueue } = await import(`${dist}/jobs/redis/queue.js`);
const { currentRun } = await import(`${dist}/jobs/run.js`);
const queue = createRedisQueue({
  url,
  app: "blocked",
  lockMs: 1_000,
  log: { warn: () => {}, error: () => {} },
  async worker() {
    console.log("begun");
    // As soon as that is written nothing else happens here for five seconds.
    await new Promise((resolve) => setTimeout(resolve, 100));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000);
    console.log((await currentRun.getStore().isMine()) ? "still mine" : "taken over");
    return {};
  },
});
const key = { kind: "pull-request", installationId: 5, owner: "acme", repo: "payments", number: 1 };
await queue.add({ key, hint: { formerHeads: ["a"] } });
