import type { GitHubClient } from "../../../../src/github/api/client.ts";
import { createExclusively } from "../../../../src/github/api/exclusively.ts";
import { octokitClass } from "../../../../src/github/api/octokit.ts";
import type { Sandbox } from "../../../../src/sandbox/index.ts";
import { installationToken } from "../../../sandbox/helpers.ts";
import { silentLog } from "../../../support/nock-github.ts";

/** The app's client on the embedded GitHub. */
export async function clientOn(sandbox: Sandbox, serverTime: () => Date): Promise<GitHubClient> {
  const Octokit = octokitClass();
  return {
    octokit: new Octokit({
      authStrategy: undefined,
      auth: await installationToken(sandbox),
      baseUrl: `${sandbox.url}/api/v3`,
      log: silentLog,
      throttle: { enabled: false },
    } as never),
    app: { id: sandbox.app.id, slug: sandbox.app.slug },
    installationId: sandbox.installationId,
    serverTime,
    permits: async () => false,
    exclusively: createExclusively(),
  };
}
