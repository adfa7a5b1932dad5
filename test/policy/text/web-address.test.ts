import { expect, it } from "vitest";
import { compareUrl } from "../../../src/policy/text/web-address.ts";

it.each([
  ["main", "hotfix/login", "main...hotfix/login"],
  ["release/1.x", "jane:hotfix/login", "release/1.x...jane:hotfix/login"],
  ["main", "hotfix/a b#c?d%e", "main...hotfix/a%20b%23c%3Fd%25e"],
  ["main", "hotfix/(it's)!*", "main...hotfix/%28it%27s%29%21%2A"],
  ["main", "hotfix/größe", "main...hotfix/gr%C3%B6%C3%9Fe"],
  ["main", "hotfix/\ud800", "main...hotfix/%EF%BF%BD"],
])("a pull request to %s from %j is opened at …/%s", (base, head, refs) =>
  expect(compareUrl("https://github.com/o/r", base, head)).toBe(
    `https://github.com/o/r/compare/${refs}?expand=1`,
  ),
);
