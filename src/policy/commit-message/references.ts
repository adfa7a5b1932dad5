import { type IssueReference, issueKey, type RepositoryFacts } from "../snapshot.ts";
import { compilePattern } from "../text/pattern.ts";

/** What `Fixes` names. */
export interface References {
  /** In the order written, each once, at most `MOST`: each costs a look-up, and one hotfix mends one thing. */
  readonly fixes: readonly IssueReference[];
  /** The value, cut to 200 characters, where nothing in it has one of the accepted forms. */
  readonly unreadable: readonly string[];
}

const MOST = 10;
const MOST_WORDS = 200;
/** Longer words are no references, and not worth a pattern's time. */
const LONGEST_WORD = 500;
const SHORT = /^(?:([\w.-]+\/[\w.-]+))?#(\d{1,10})$/;
const ADDRESS = /^https?:\/\/([^/]+)\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/(\d{1,10})\/?(?:[?#]\S*)?$/i;

/** Reads the value of `Fixes`: references among words, separated by spaces or commas; the patterns say which forms count. */
export function readReferences(
  value: string,
  accepted: readonly string[],
  repository: RepositoryFacts,
): References {
  const patterns = accepted.map(compilePattern);
  const isAccepted = (text: string): boolean => patterns.some((pattern) => pattern?.matches(text));
  const fixes = new Map<string, IssueReference>();
  const parts = value.split(/[\s,;]+/).slice(0, MOST_WORDS);
  for (const part of parts.filter(({ length }) => length <= LONGEST_WORD)) {
    // As it stands, for patterns that allow brackets; else what is in them, as in a Markdown link.
    for (const text of isAccepted(part) ? [part] : part.split(/[()[\]<>]/).map(withoutEnd)) {
      if (!isAccepted(text)) continue;
      const reference = toReference(text, repository);
      const key = issueKey(reference, repository);
      if (!fixes.has(key)) fixes.set(key, reference);
    }
  }
  return {
    fixes: [...fixes.values()].slice(0, MOST),
    unreadable: fixes.size === 0 && value !== "" ? [value.slice(0, 200)] : [],
  };
}

function withoutEnd(text: string): string {
  return text.replace(/[.:]{1,3}$/, "");
}

/** An address on another host is another tracker's, whatever its path looks like, unless it names this repository. */
function toReference(text: string, repository: RepositoryFacts): IssueReference {
  const here = `${repository.owner}/${repository.name}`.toLowerCase();
  const [, shortPlace, shortNumber] = SHORT.exec(text) ?? [];
  const [, host, place, number] = ADDRESS.exec(text) ?? [];
  const ours = host?.toLowerCase() === hostOf(repository.url) || place?.toLowerCase() === here;
  const where = shortPlace ?? place;
  if (shortNumber === undefined && !ours) return { repository: null, number: null, text };
  return {
    repository: where === undefined || where.toLowerCase() === here ? null : where,
    number: Number(shortNumber ?? number),
    text,
  };
}

function hostOf(address: string): string | undefined {
  return /^https?:\/\/([^/]+)/i.exec(address)?.[1]?.toLowerCase();
}
