/**
 * What a person has to write is a placeholder of this one form, so that what is still missing can be seen by everybody and
 * found by the app. GitHub shows it in italics.
 */
const START = "_To be written: ";

/** `what` is our own text, in one line and without underscores. */
export function placeholder(what: string): string {
  return `${START}${what}_`;
}

/** What the placeholders that still stand in a post-mortem's body ask for, in order. */
export function placeholdersIn(body: string): readonly string[] {
  // With other marks of emphasis it is still the same placeholder.
  return Array.from(body.matchAll(/[_*]To be written: ([^_*\n]{1,200})[_*]/g), (match) => match[1] ?? "");
}

/** How the line begins that says what an action item looks like: the app's words, and no item. */
export const ACTION_ITEMS_HINT = "Each with one person and a date";
