import { appendFileSync } from "node:fs";

const FILE = process.env.PROGRESS;

/** `PROGRESS=file`: a line there for each point of a long proof, as soon as it is seen. */
export function tell(line: string): void {
  if (FILE) appendFileSync(FILE, `${new Date().toISOString()} ${line}\n`);
}

/** Runs so many at a time, in the order in which they come. */
export function atMostAtOnce(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
