import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Of the space for what is new, in bytes; V8 begins with 1 MB and grows to 32. */
const NEW_SPACE = 4 * 2 ** 20;
/** Where much runs at once much survives, and collecting takes a quarter of the time in so little space. */
const NEW_SPACE_FOR_MUCH = 16 * 2 ** 20;

/**
 * Keeps the server's memory near what it uses: V8 lets garbage pile up to several times that on machines with
 * much of it. Sets no limit, so a huge pull request still gets what it takes. To be called before anything is
 * loaded.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=25");
  growNewSpace(NEW_SPACE);
}

/** After `keepHeapSmall`: some 15 MB more, and half of the time that collecting takes under load. */
export function makeRoomForMuch(): void {
  growNewSpace(NEW_SPACE_FOR_MUCH);
}

/**
 * In the space that V8 begins with, collecting takes a fifth of the processor's time under load. Its size is
 * an option of Node's command line alone, but it grows with what survives in it, as far as it is let.
 */
function growNewSpace(target: number): void {
  const size = () =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? target;
  setFlagsFromString("--semi-space-growth-factor=2");
  const surviving: object[] = [];
  // By far enough: 100,000 objects are 5 MB.
  for (let i = 0; size() < target && i < 400; i++) surviving.push(Array.from({ length: 1_000 }, () => ({})));
  setFlagsFromString("--semi-space-growth-factor=1");
}
