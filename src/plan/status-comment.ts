import type { Action } from "../policy/action.ts";

/** Writes the status comment, unless it says the same already. */
export function planStatusComment(
  number: number,
  body: string,
  existing: { readonly id: number; readonly body: string } | null,
): readonly Action[] {
  // GitHub may give line ends back as CRLF.
  const normal = (text: string): string => text.replaceAll("\r\n", "\n").trim();
  if (existing !== null && normal(existing.body) === normal(body)) return [];
  return [{ type: "upsert-status-comment", number, commentId: existing?.id ?? null, body }];
}
