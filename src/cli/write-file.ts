import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A file that cannot be written, in a line. */
export class Unwritable extends Error {
  override name = "Unwritable";
}

/**
 * Throws `Unwritable` where the file surely cannot be written: said before the work rather than after it.
 * Writes nothing.
 */
export async function requireWritable(path: string): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) throw unwritable(path, "it is a directory");
  const folder = await stat(dirname(path)).catch(() => null);
  if (folder !== null && !folder.isDirectory()) throw unwritable(path, `${dirname(path)} is no directory`);
  try {
    if (there !== null && !there.isFile()) return;
    await access(there === null ? dirname(path) : path, constants.W_OK);
    await access(dirname(await target(path)), constants.W_OK);
  } catch (error) {
    throw unwritable(path, reasonOf(error, there === null ? dirname(path) : path));
  }
}

/**
 * Writes the whole file, or leaves what was there as it was. A link stays one. Throws `Unwritable`.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  await requireWritable(path);
  const there = await stat(path).catch(() => null);
  try {
    // A terminal or a pipe has no half.
    if (there !== null && !there.isFile()) return await writeFile(path, text);
    const to = await target(path);
    const draft = `${to}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await writeFile(draft, text, { flag: "wx", mode: there?.mode ?? 0o666 });
      await rename(draft, to);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  } catch (error) {
    throw unwritable(path, reasonOf(error, dirname(path)));
  }
}

async function target(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

const REASONS: Readonly<Record<string, (where: string) => string>> = {
  ENOENT: (where) => `there is no directory ${where}`,
  ENOTDIR: (where) => `${where} is no directory`,
  EACCES: (where) => `no permission for ${where}`,
  EROFS: (where) => `${where} is read-only`,
  ENOSPC: () => "the disk is full",
};

function reasonOf(error: unknown, where: string): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code]?.(where) ?? message.split("\n")[0] ?? code;
}

function unwritable(path: string, reason: string): Unwritable {
  return new Unwritable(`${path} cannot be written: ${reason}`);
}
