import { defineConfig } from "vitest/config";

/** Files that touch nothing but values: they may share one copy of all modules, which saves most of their time. */
const PURE = ["commands", "config", "policy", "render", "webhooks"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // More than cores: scenarios mostly wait for GitHub's limits.
    maxWorkers: 4,
    projects: [
      { extends: true, test: { name: "pure", include: PURE, isolate: false } },
      { extends: true, test: { name: "app", include: ["test/**/*.test.ts"], exclude: PURE } },
    ],
  },
});
