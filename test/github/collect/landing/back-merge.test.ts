import { expect, test } from "vitest";
import { defaultPolicy } from "../../../../src/config/index.ts";
import { attempt } from "../../../../src/github/api/answer.ts";
import { readBackMerge } from "../../../../src/github/collect/landing/back-merge.ts";
import { known, unknown } from "../../../../src/policy/fact.ts";
import { withoutNetwork } from "../../../support/nock-github.ts";
import { BASE, HEAD, PULL_REQUEST, snapshot } from "../../../support/snapshot.ts";
import { type Answer, REPO, ROOT, rawCompare, world } from "../world.ts";

withoutNetwork();

const ahead = (by: number) => rawCompare({ ahead_by: by, files: [] });
const path = (branch: string) => `${ROOT}/compare/${encodeURIComponent(branch)}...${HEAD}`;

async function read(answers: Record<string, Answer>, bases: readonly string[], ref = "develop") {
  const { client, requests } = world(answers);
  const policy = { ...defaultPolicy(), branches: { ...defaultPolicy().branches, base: bases } };
  const { repository } = snapshot();
  const pullRequest = { ...PULL_REQUEST, base: { ref, sha: BASE } };
  const compared = await attempt(() => Promise.reject(new Error("not read")));
  const { inProduction, backMergeOf } = await readBackMerge(
    client,
    REPO,
    { number: 42, pullRequest, repository },
    compared as never,
    policy,
  );
  expect(backMergeOf).toEqual(known(null));
  return { fact: inProduction, requests };
}

test("a pull request into production is not asked about", async () => {
  expect(await read({}, [], "main")).toEqual({ fact: known(false), requests: [] });
  expect(await read({}, ["release/*"], "release/2")).toEqual({ fact: known(false), requests: [] });
});

test("any branch that production is made from will do", async () => {
  const answers = { [path("main")]: ahead(1), [path("release/1")]: ahead(0) };
  expect((await read(answers, ["main", "release/1"])).fact).toEqual(known(true));
  expect((await read(answers, ["main"])).fact).toEqual(known(false));
});

test("where only globs are named, the default branch is asked", async () => {
  const { fact, requests } = await read({ [path("main")]: ahead(0) }, ["release/*"]);
  expect(fact).toEqual(known(true));
  expect(requests).toHaveLength(1);
});

test("a certain yes counts beside a failure, a no does not", async () => {
  const failing: Record<string, Answer> = { [path("main")]: { fault: "502" } };
  expect((await read({ ...failing, [path("live")]: ahead(0) }, ["main", "live"])).fact).toEqual(known(true));
  expect((await read({ ...failing, [path("live")]: ahead(1) }, ["main", "live"])).fact).toEqual(
    unknown("whether main has the commits already: GitHub answered 502"),
  );
});
