import { describe, expect, it } from "vitest";
import { areWaiting, type Evaluated, mayBeRead } from "../../src/plan/evaluated.ts";

type Read = Pick<Evaluated, "verdict">;

const read = (wouldBe: string, unknowns: readonly string[] = [], neverKnown: readonly string[] = []): Read =>
  ({ verdict: { wouldBe, unknowns, neverKnown } }) as unknown as Read;
const GREEN = read("success");
/** One fact could not be read; nothing hangs on it. */
const ASIDE = read("failure", ["502"]);
const WAITS = read("unknown", ["502"]);
const LOST = read("unknown", ["502", "too many files"], ["too many files"]);
/** It can never be read, and it does not matter. */
const FAILED = read("failure", ["too many files"], ["too many files"]);

describe("pull requests of one head", () => {
  it.each<[string, readonly Read[], waits: boolean, again: boolean]>([
    ["none", [], false, false],
    ["all is read", [GREEN, GREEN], false, false],
    ["the verdict of one waits for a fact", [GREEN, WAITS], true, true],
    ["something could not be read that decides nothing", [GREEN, ASIDE], false, true],
    ["one waits for what can never be read", [LOST], false, false],
    ["one waits for what can never be read, the other for a fact", [LOST, WAITS], false, false],
    ["what can never be read decides nothing", [FAILED], false, false],
    ["what can never be read decides nothing, and another waits", [FAILED, WAITS], true, true],
  ])("%s", (_, all, waits, again) => {
    expect({ waits: areWaiting(all), again: mayBeRead(all) }).toEqual({ waits, again });
  });
});
