import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const BUILT = new URL("../../dist/cli/heap.js", import.meta.url).href;

/** Size of the space for what is new, in MB, after these calls and much that survives, in a process of its own. */
const newSpaceAfter = (calls: string): number =>
  Number(
    execFileSync(process.execPath, [
      "--input-type=module",
      "--eval",
      `import { getHeapSpaceStatistics } from "node:v8";
       import { favorTime, keepHeapSmall } from ${JSON.stringify(BUILT)};
       ${calls}
       const all = [];
       for (let i = 0; i < 1_000; i++) all.push(Array.from({ length: 1_000 }, () => ({})));
       const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
       console.log(space.space_size / 2 ** 20);`,
    ]),
  );

test.each([
  ["keepHeapSmall()", 4],
  ["keepHeapSmall(); favorTime()", 16],
])("%s: the space for what is new has %i MB, and stays so", (calls, mb) => {
  expect(newSpaceAfter(calls)).toBe(mb);
});
