import type { Output } from "./output.ts";
import { writeWhole } from "./write-file.ts";

/** Prints a text, or writes it to a file and says so. Throws `Unwritable`. */
export async function put(text: string, file: string | undefined, out: Output): Promise<void> {
  if (file === undefined) return out.stdout(text);
  await writeWhole(file, text);
  out.stdout(`${file} is written.\n`);
}
