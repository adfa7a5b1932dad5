import { expect, test } from "vitest";
import { readActivity } from "../../../../src/github/collect/git/activity.ts";
import { known } from "../../../../src/policy/fact.ts";
import { withoutNetwork } from "../../../support/nock-github.ts";
import { at, HEAD, PULL_REQUEST } from "../../../support/snapshot.ts";
import { ACTIVITY, PATHS, REPO, world } from "../world.ts";

withoutNetwork();

test("the branch's own entries, newest first, deletions and entries without an actor too", async () => {
  const entry = (more: object) => ({ ...ACTIVITY[0], ...more });
  const { client } = world({
    [PATHS.activity]: [
      entry({ timestamp: at("09:59:00") }),
      entry({
        timestamp: at("11:00:00"),
        activity_type: "branch_deletion",
        after: "0".repeat(40),
        actor: null,
      }),
      entry({ timestamp: at("10:30:00"), ref: "refs/heads/hotfix/stripe" }),
    ],
  });
  const activity = await readActivity(client, REPO, PULL_REQUEST);
  expect(activity).toMatchObject(
    known([
      { type: "branch_deletion", actor: null, at: at("11:00:00") },
      { type: "branch_creation", after: HEAD, at: at("09:59:00") },
    ]),
  );
});
