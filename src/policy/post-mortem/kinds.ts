/** Words that tell the kind of an issue, beside the kind's own name. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  payment: ["billing", "checkout", "invoice", "stripe", "paypal", "subscription", "webhook"],
  auth: [
    "authentication",
    "authorization",
    "login",
    "logout",
    "oauth",
    "password",
    "session",
    "signin",
    "sso",
    "jwt",
  ],
  api: ["endpoint", "rest", "graphql", "route", "router", "controller"],
  database: ["db", "migration", "sql", "postgres", "postgresql", "mysql", "mongo", "mongodb", "schema"],
};

/** What tells which kinds of issue (payment, auth, …) a hotfix is about. */
export interface KindEvidence {
  /** Labels of the linked issues. */
  readonly labels: readonly string[];
  /** Names of the components that were changed. */
  readonly components: readonly string[];
  readonly paths: readonly string[];
}

/**
 * Which of the kinds with a checklist the hotfix is of, in their order. What people said (labels, components)
 * decides; only where that says nothing do the changed paths.
 */
export function issueKinds(evidence: KindEvidence, kinds: readonly string[]): readonly string[] {
  const said = matching([...evidence.labels, ...evidence.components], kinds);
  return said.length > 0 ? said : matching(evidence.paths, kinds);
}

function matching(texts: readonly string[], kinds: readonly string[]): readonly string[] {
  const found = new Set(texts.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)));
  const has = (word: string): boolean => found.has(word) || found.has(`${word}s`);
  return kinds.filter((kind) => [kind.toLowerCase(), ...(WORDS[kind.toLowerCase()] ?? [])].some(has));
}
