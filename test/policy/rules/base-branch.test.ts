import { describe, expect, it } from "vitest";
import { runExample } from "../../support/example.ts";

const find = (base: string, allowed: readonly string[] = []) =>
  runExample("base-branch", { base, config: { branches: { base: allowed } } });

describe("base-branch", () => {
  it.each<[string, readonly string[], string]>([
    ["main", [], "ok"],
    ["Main", [], "wrong-base"],
    ["develop", [], "wrong-base"],
    ["release/2", ["main", "release/*"], "ok"],
    ["main", ["production"], "wrong-base"],
    ["release/2/x", ["release/*"], "wrong-base"],
  ])("to %s where %j is allowed: %s", (base, allowed, code) => {
    expect(find(base, allowed)).toMatchObject({ state: code === "ok" ? "satisfied" : "violated", code });
  });

  it.each<[readonly string[], readonly string[]]>([
    [[], ["gh pr edit 42 --base 'main'"]],
    [["production"], ["gh pr edit 42 --base 'production'"]],
    [["release/*", "main"], ["gh pr edit 42 --base 'main'"]],
    [["release/*", "production"], ["gh pr edit 42 --base 'production'"]],
    [["release/*"], []],
  ])("where %j is allowed it gives the commands %j", (allowed, commands) => {
    const finding = find("develop", allowed);
    expect(finding.commands).toEqual(commands);
    expect(finding.data.allowed).toEqual(allowed.length > 0 ? allowed : ["main"]);
  });
});
