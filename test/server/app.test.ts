import { Probot } from "probot";
import { describe, expect, it } from "vitest";
import { hotfixGuard } from "../../src/app.ts";
import { createLog } from "../../src/log.ts";
import type { Job } from "../../src/queue/port.ts";
import { LABELED, NOWHERE, PEM, SECRET } from "./support.ts";

describe("hotfixGuard", () => {
  it("is a Probot application: an event becomes jobs, without a request to GitHub", async () => {
    const jobs: Job[] = [];
    const probot = new Probot({
      appId: 7,
      privateKey: PEM,
      secret: SECRET,
      baseUrl: NOWHERE,
      log: createLog({ level: "silent", format: "json" }),
    });
    await probot.load(hotfixGuard({ queue: { add: (job) => void jobs.push(job) }, appId: 7 }));
    await probot.webhooks.receive({ id: "d-1", name: "pull_request", payload: JSON.parse(LABELED) });
    expect(jobs.map(({ key }) => key)).toMatchObject([{ kind: "pull-request", number: 12 }]);
  });
});
