/** Besides the line feed. */
const OTHER_ENDS = ["\r", "\v", "\f", "\u0085", "\u2028", "\u2029"];

/** How often a line ends in a text, whatever ends it: faster than a list of the lines. */
export function linesOf(text: string): number {
  const others = OTHER_ENDS.reduce((sum, mark) => sum + count(text, mark), 0);
  return count(text, "\n") + others - (text.includes("\r") ? count(text, "\r\n") : 0);
}

function count(text: string, mark: string): number {
  let found = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) found++;
  return found;
}
