/**
 * Git for Windows' shell turns what looks like an absolute path in an argument into one of Windows
 * (`/health` into `C:/Program Files/Git/health`), also after `=`, `:` and opening signs. Source:
 * https://www.msys2.org/docs/filesystem-paths/
 */
export function looksLikePath(text: string): boolean {
  return /^[^A-Za-z0-9:.\\-]*\/|[=:,;]\/|\/.*:[.:]/.test(text) && !/^[a-z+]+:\/\//.test(text);
}

/** The command, with that turned off for it where one of its arguments would be changed. */
export function exactArguments(command: string, args: readonly string[]): string {
  return args.some(looksLikePath) ? `MSYS_NO_PATHCONV=1 ${command}` : command;
}
