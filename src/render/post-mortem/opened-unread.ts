import { digest } from "../../policy/post-mortem/body.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { hiddenMarker } from "../text/marker.ts";
import { BODY_LIMIT, size } from "../text/size.ts";

/**
 * A post-mortem that was opened while GitHub could not be read in full lacks what the app could have filled
 * in. Its body ends in a hidden mark with a digest, so that it is written anew once all can be read, as long
 * as nobody but the app has changed it.
 */
const MARK = /\n*<!-- hotfix-guard:opened-unread ([0-9a-z]{1,20}) -->\s*$/;

/** The body with the mark, where something is still unread. */
export function withUnreadMark(body: string, { unread }: PostMortemFacts): string {
  if (!unread) return body;
  const marked = `${body.trimEnd()}\n\n${hiddenMarker("opened-unread", digest(body))}\n`;
  return size(marked) > BODY_LIMIT ? body : marked;
}

/** Was it opened while something was unread, and not written anew since? */
export function isMarkedUnread(body: string): boolean {
  return MARK.test(body);
}

/** The body without the mark; `untouched`: it is as the app has written it while something was unread. */
export function takeUnreadMark(body: string): { readonly text: string; readonly untouched: boolean } {
  const [mark, of] = MARK.exec(body) ?? [];
  if (mark === undefined) return { text: body, untouched: false };
  const text = `${body.slice(0, -mark.length)}\n`;
  return { text, untouched: digest(text) === of };
}
