import { setFlagsFromString } from "node:v8";

/**
 * Keeps the server's memory near what it uses: V8 lets garbage pile up to several times that on machines with
 * much of it. Sets no limit, so a huge pull request still gets what it takes. To be called before anything is
 * loaded.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=30");
}
