import { defineConfig } from "vitest/config";

/** Files that touch nothing but values: they may share one copy of all modules, which saves most of their time. */
const PURE = ["config", "policy", "render", "webhooks"].map((folder) => `test/${folder}/**/*.test.ts`);
/**
 * Whole stories through the real server, at the pace of GitHub's limits: minutes in all. The main job is told with the others too. Each has a
 * sandbox and a server of its own, so files may share modules.
 */
const SCENARIOS = ["test/scenario/**/*.test.ts", "test/contract/**/*.test.ts"];
const MAIN_JOB = "test/scenario/main-job.test.ts";
/** A property of the whole; without the pace of GitHub's limits. */
const STRANGERS = "test/scenario/attacks/strangers.test.ts";

export default defineConfig({
  test: {
    // On a busy machine everything takes longer; no test holds how long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: "test/support/temporary.ts",
    // More than cores: scenarios mostly wait for GitHub's limits.
    maxWorkers: 4,
    projects: [
      { extends: true, test: { name: "pure", include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: "app",
          include: ["test/{*,!(scenario|contract)/**/*}.test.ts", MAIN_JOB, STRANGERS],
          exclude: PURE,
        },
      },
      {
        extends: true,
        test: { name: "scenarios", include: SCENARIOS, exclude: [MAIN_JOB, STRANGERS], isolate: false },
      },
    ],
  },
});
