import { stemOf, wordsOf } from "./path-names.ts";

/**
 * `app/src/main/res/layout/activity_pay.xml`: Android keeps layouts, texts and pictures apart from the code.
 */
const RESOURCE = /^((?:.*\/)?src\/[^/]+)\/res\/([^/]+)\/([^/]+)$/;
/** What a name says of its kind, not of its subject. */
const KINDS = new Set(
  "activity fragment layout item view model list row dialog screen adapter button text bg ic image main view models".split(
    " ",
  ),
);

/**
 * Which of Android's resources belong to the code of the same source set: texts and other values, and what is
 * called after one of the related files or its directory.
 */
export function resourcesOf(related: readonly string[]): (path: string) => boolean {
  const words = new Map<string, Set<string>>();
  for (const path of related) {
    const [, set, below = ""] = /^((?:.*\/)?src\/[^/]+)\/(?:java|kotlin)\/(.+)$/.exec(path) ?? [];
    if (set === undefined) continue;
    const its = words.get(set) ?? new Set();
    words.set(set, its);
    for (const part of below.split("/").slice(-2)) for (const word of tellingWords(part)) its.add(word);
  }
  return (path) => {
    const [, set = "", kind = "", name = ""] = RESOURCE.exec(path) ?? [];
    const its = words.get(set);
    return (
      its !== undefined && (kind.startsWith("values") || tellingWords(name).some((word) => its.has(word)))
    );
  };
}

function tellingWords(name: string): readonly string[] {
  return wordsOf(stemOf(name)).filter((word) => word.length > 2 && !KINDS.has(word));
}
