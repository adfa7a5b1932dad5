import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";
import { getCurrentTest } from "@vitest/runner";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use(({ Assertion }, utils) =>
  utils.addMethod(Assertion.prototype, "toMatchFileSnapshot", async function toMatchFileSnapshot(path) {
    const golden = readFileSync(resolve(dirname(getCurrentTest().file.filepath), path), "utf8");
    chai.expect(utils.flag(this, "object")).toBe(golden);
  }),
);

/** Vitest's `expect`, put together as Vitest does it, for tests that run without Vitest's worker. */
export const expect = Object.assign(
  (value, message) => chai.expect(value, message),
  chai.expect,
  globalThis[ASYMMETRIC_MATCHERS_OBJECT],
);
setState({ assertionCalls: 0 }, expect);
globalThis[GLOBAL_EXPECT] = expect;
