import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** How V8 weighs memory against the processor's time. */
interface Weighing {
  /** Size of the space for what is new, in bytes; V8 begins with 1 MB and grows to 32. */
  readonly newSpace: number;
  /** How much garbage may pile up, in percent of what is in use. */
  readonly growing: number;
}

const SMALL: Weighing = { newSpace: 4 * 2 ** 20, growing: 25 };
const FAST: Weighing = { newSpace: 16 * 2 ** 20, growing: 100 };

/**
 * Keeps the server's memory near what it uses: V8 lets garbage pile up to several times that on machines with
 * much of it. Sets no limit, so a huge pull request still gets what it takes. To be called before anything is
 * loaded.
 */
export function keepHeapSmall(): void {
  // On two cores threads that help to collect what is new save a tenth of the time, and cost far more.
  setFlagsFromString("--no-parallel-scavenge");
  weigh(SMALL);
}

/** After `keepHeapSmall`: 50 to 60 MB more under load, and less of the processor's time. */
export function favorTime(): void {
  weigh(FAST);
}

function weigh({ newSpace, growing }: Weighing): void {
  setFlagsFromString(`--heap-growing-percent=${growing}`);
  setFlagsFromString("--semi-space-growth-factor=2");
  growNewSpace(newSpace);
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * In the space that V8 begins with, collecting takes a fifth of the processor's time under load. Its size is
 * an option of Node's command line alone, but it grows with what survives in it.
 */
function growNewSpace(target: number): void {
  const size = () =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? target;
  const surviving: object[] = [];
  // By far enough: 100,000 objects are 5 MB.
  for (let i = 0; size() < target && i < 400; i++) surviving.push(Array.from({ length: 1_000 }, () => ({})));
}
