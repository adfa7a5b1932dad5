import { expect, test } from "vitest";
import { digestOf } from "../../../../src/github/collect/check/change.ts";
import { readModes } from "../../../../src/github/collect/landing/modes.ts";
import { known } from "../../../../src/policy/fact.ts";
import { withoutNetwork } from "../../../support/nock-github.ts";
import { at, file } from "../../../support/snapshot.ts";
import { type Answer, REPO, ROOT, world } from "../world.ts";

withoutNetwork();

const [THEN, NOW] = ["1".repeat(40), "2".repeat(40)];
const files = [file("src/a")];
const tree = (mode: string, other = "100644"): Answer => ({
  truncated: false,
  tree: [
    { path: "src/a", type: "blob", mode, sha: "a" },
    { path: "src/b", type: "blob", mode: other, sha: "b" },
  ],
});
const pathOf = (sha: string): string => `${ROOT}/git/trees/${sha}`;

/** The head's record says `seen`; what would land starts `from` now. */
async function read(seen: string | undefined, from: string | null, answers: Record<string, Answer> = {}) {
  const { client, requests } = world(answers);
  const digest = digestOf(files);
  const change = {
    pr: 42,
    base: "main",
    since: null,
    ...digest,
    ...(seen === undefined ? {} : { from: seen }),
  };
  const run = {
    id: 1,
    conclusion: null,
    completedAt: at("10:00:00"),
    record: { arrivals: [], said: [], changes: [change] },
  };
  const found = await readModes(client, REPO, {
    gates: known([run as never]),
    number: 42,
    base: "main",
    files: known(files),
    change: known({ ...digest, from }),
  });
  return { found, requests };
}

test.each([
  ["the same start", THEN, THEN],
  ["a test merge", THEN, null],
  ["a record of an older release", undefined, NOW],
] as const)("%s: no request, and no other modes", async (_what, seen, from) => {
  const { found, requests } = await read(seen, from);
  expect(found).toEqual(known({ ...digestOf(files), from }));
  expect(requests).toEqual([]);
});

test.each<[string, Answer, Answer, boolean]>([
  ["the same modes", tree("100644"), tree("100644"), false],
  ["another mode", tree("100644"), tree("100755"), true],
  ["another mode of a file that it does not change", tree("100644"), tree("100644", "100755"), false],
  ["a tree that is too large", tree("100644"), { truncated: true, tree: [] }, true],
])("%s", async (_what, then, now, otherModes) => {
  const { found } = await read(THEN, NOW, { [pathOf(THEN)]: then, [pathOf(NOW)]: now });
  expect(found).toMatchObject(known({ otherModes }));
});

test("a tree that cannot be read: unknown, with the reason", async () => {
  const { found } = await read(THEN, NOW, {
    [pathOf(THEN)]: { status: 500, body: {} },
    [pathOf(NOW)]: tree("100644"),
  });
  expect(found).toMatchObject({ known: false, reason: expect.stringContaining("modes") });
});
