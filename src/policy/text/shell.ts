/** Text as one word of a POSIX shell: nothing in it is expanded. Control and invisible characters become spaces. */
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
