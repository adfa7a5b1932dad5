/**
 * Text as one word of a POSIX shell: nothing in it is expanded. Control and invisible characters become
 * spaces.
 */
export function shellWord(text: string): string {
  return `'${oneLine(text).replaceAll("'", "'\\''")}'`;
}

/** Text on one line, without characters that a terminal would act on when it is pasted. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
}

/**
 * A path as one word for bash and zsh, exact (`shellWord` is for text that may be tidied) and on one line:
 * control and invisible characters are written out, so that what is shown is what is run.
 */
export function shellPath(text: string): string {
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x80
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `$'${escaped}'`;
}
