// Requests and writes of an evaluation.
import { approve, caught, openHotfix, ROLES, startServer, startWorld } from "./world.js";

const isToken = ({ path }) => path.endsWith("/access_tokens");

/** Requests that belong to the first evaluation of a process, a head or a pull request, not to each. */
const LABELS = "the repository's labels";
const ONCE = [
  ["the app itself", /^\/app$/],
  [LABELS, /\/labels\?/],
  ["an earlier status comment", /\/issues\/\d+\/comments\?/],
];

/** Rows of `{ roles, what, aims, token, reads, notModified, counted, writes, once, paths }` for each of `ROLES`. */
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
  const { repo, number } = hotfix;
  const approval = await caught(world, "pull_request", () => approve(world, hotfix));
  const server = await startServer(world);
  const rows = [];
  const measure = async (what, aims, delivery) => {
    sandbox.resetRequests();
    await server.deliver(delivery);
    await server.idle();
    rows.push({ what, aims, ...tally([...sandbox.requests]) });
  };
  // The status comment is a write of its own where its text changes.
  const same = { requests: 10, counted: 3, writes: 0 };
  const changed = { requests: 10, writes: 2 };
  try {
    await measure("cold, verdict new", { requests: 11, writes: 2 }, approval);
    await measure("warm, right after the app's own writes", same, approval);
    const label = await caught(world, "pull_request", () =>
      sandbox.as("john").addLabel(repo, number, "ours"),
    );
    await measure("warm, verdict the same", same, label);
    const refusal = await caught(world, "pull_request_review", () =>
      sandbox.as("omar").review(repo, number, "CHANGES_REQUESTED", "This breaks refunds"),
    );
    // One more person to look up.
    await measure("changes requested, verdict changed", { writes: 2 }, refusal);
    const { id } = refusal.payload.review;
    const dismissal = await caught(world, "pull_request_review", () =>
      sandbox.as("jane").dismissReview(repo, number, id, "It does not"),
    );
    await measure("dismissed, verdict changed", changed, dismissal);
  } finally {
    await server.stop();
  }
  return rows;
}

function tally(requests) {
  const all = requests.filter(({ method }) => method === "GET");
  const named = all.map((request) => ONCE.find(([, path]) => path.test(request.path))?.[0]);
  // Looking after the labels is a job of its own, which reads the configuration for itself.
  const own = all.findLastIndex(({ path }) => path.includes("/contents/"));
  if (named.includes(LABELS) && own > 0) named[own] = LABELS;
  const reads = all.filter((_, i) => named[i] === undefined);
  const notModified = reads.filter(({ status }) => status === 304).length;
  return {
    token: requests.filter(isToken).length,
    reads: reads.length,
    notModified,
    counted: reads.length - notModified,
    once: [...new Set(named.filter((name) => name !== undefined))],
    writes: requests
      .filter((request) => request.method !== "GET" && !isToken(request))
      .map(({ method, path }) => `${method} ${/check-runs|comments|labels/.exec(path)?.[0] ?? path}`),
    paths: requests.map(({ method, path, status }) => `${status} ${method} ${path}`),
  };
}
