import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { packageRoot } from "../package.ts";

/** What the app may do and hears of, as the package's `app.yml` has it. */
export async function readManifest() {
  const manifest = parse(await readFile(join(packageRoot(), "app.yml"), "utf8")) as {
    default_permissions: Record<string, "read" | "write">;
    default_events: string[];
  };
  return { permissions: manifest.default_permissions, events: manifest.default_events };
}
