/** What comes after the last `/`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What comes before the last `/`; `""`: the root. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** A name up to its first dot. */
export function stemOf(name: string): string {
  return name.replace(/\..*/s, "");
}

/** The words of a name, in lower case: `PaymentForm`, `payment_form` and `payment-form` have two. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/(?<=\p{Ll}|\p{N})(?=\p{Lu})/gu, " ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]/u)
    .filter((word) => word !== "");
}
