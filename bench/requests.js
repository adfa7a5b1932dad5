// Requests and writes of an evaluation.
import { approve, caught, openHotfix, ROLES, startServer, startWorld } from "./world.js";

const isToken = ({ path }) => path.endsWith("/access_tokens");

/** Rows of `{ roles, what, reads, notModified, counted, writes, runs, paths }` for each way to say who may approve. */
export async function measureRequests() {
  const rows = [];
  for (const [roles, role] of Object.entries(ROLES)) {
    const world = await startWorld();
    try {
      rows.push(...(await measureOne(world, role)).map((row) => ({ roles, ...row })));
    } finally {
      await world.sandbox.close();
    }
  }
  return rows;
}

async function measureOne(world, role) {
  const { sandbox } = world;
  const hotfix = await openHotfix(world, "kamiyo", role);
  const approval = await caught(world, "pull_request", () => approve(world, hotfix));
  const john = sandbox.as("john");
  const { repo, number } = hotfix;

  const server = await startServer(world);
  const atStart = sandbox.requests.filter(({ path }) => path === "/app").length;
  const rows = [];
  const measure = async (what, delivery) => {
    const before = (await server.metrics())("hotfix_job_runs_total");
    sandbox.resetRequests();
    await server.deliver(delivery);
    await server.idle();
    const runs = (await server.metrics())("hotfix_job_runs_total") - before;
    rows.push({ what, runs, ...tally([...sandbox.requests]) });
  };
  try {
    await measure("first of the process, verdict new", approval);
    await measure("nothing happened (delivered again)", approval);
    const label = await caught(world, "pull_request", () => john.addLabel(repo, number, "ours"));
    await measure("something happened, verdict the same", label);
    const draft = await caught(world, "pull_request", () =>
      john.editPullRequest(repo, number, { title: "HOTFIX: Fix Stripe webhooks", draft: true }),
    );
    await measure("new title, same verdict", draft);
    const gone = await caught(world, "pull_request", () =>
      sandbox.as("jane").removeLabel(repo, number, "approved:engineering-manager"),
    );
    await measure("verdict changed", gone);
  } finally {
    await server.stop();
  }
  return rows.map((row) => ({ ...row, atStart }));
}

function tally(requests) {
  const writes = requests.filter((request) => request.method !== "GET" && !isToken(request));
  const reads = requests.filter(({ method }) => method === "GET");
  const notModified = reads.filter(({ status }) => status === 304).length;
  return {
    token: requests.filter(isToken).length,
    reads: reads.length,
    notModified,
    counted: reads.length - notModified,
    writes: writes.map(({ method, path }) => `${method} ${path}`),
    paths: requests.map(({ method, path, status }) => `${status} ${method} ${path}`),
  };
}
