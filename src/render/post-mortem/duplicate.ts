import { bold, html, p } from "../text/markdown.ts";
import { hiddenMarker } from "../text/marker.ts";
import { BODY_LIMIT, fitted } from "../text/size.ts";
import type { PostMortemNotice } from "./notices.ts";

/** On the newer of two post-mortems of one merge: why it is closed. */
export function renderDuplicate(older: number): PostMortemNotice {
  const marker = hiddenMarker("duplicate", `#${older}`);
  const text = p(
    "🔁 ",
    bold(`Duplicate of #${older}.`),
    " Two instances of the app ran side by side and opened a post-mortem each. This one is closed; continue in ",
    `#${older}. Nothing written here is lost.`,
  );
  return { marker, body: fitted([text], BODY_LIMIT, [html(marker)]) };
}

/** On the older one, where people have written in the newer. */
export function renderDuplicateThere(newer: number): PostMortemNotice {
  const marker = hiddenMarker("duplicate", `of #${newer}`);
  const text = p(
    "🔁 ",
    bold(`#${newer} is a duplicate of this post-mortem`),
    " and is closed. It has text that isn't here: copy over what matters.",
  );
  return { marker, body: fitted([text], BODY_LIMIT, [html(marker)]) };
}
