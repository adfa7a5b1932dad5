import { dirname } from "node:path";

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  EEXIST: (path) => `${path} is a file, and has to be a directory`,
  ENOTDIR: (path) => `${dirname(path)} is a file, and has to be a directory`,
  EISDIR: (path) => `${path} is a directory`,
  EACCES: (path) => `no permission for ${path}`,
  EPERM: (path) => `no permission for ${path}`,
  EROFS: (path) => `${path} is read-only`,
  ENOSPC: () => "the disk is full",
};

/** Why something could not be written, in a line; `null`: that is no error of the file system. */
export function whyUnwritable(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const { code = "", path = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code]?.(path) ?? message.split("\n")[0] ?? code;
}
