import { defineConfig } from "vitest/config";

/** The tests of what is pure, and of creating once: what `npm run test:mutation` asks of each mutant. */
export default defineConfig({
  test: {
    include: [
      "test/policy/**/*.test.ts",
      "test/plan/**/*.test.ts",
      "test/github/apply*.test.ts",
      "test/github/apply/**/*.test.ts",
    ],
    testTimeout: 60_000,
    isolate: false,
  },
});
