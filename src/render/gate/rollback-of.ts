import type { PhrasingContent } from "mdast";
import type { RollbackProof } from "../../policy/snapshot/proof.ts";
import { inline } from "../text/markdown.ts";
import { code, prose } from "../text/neutralize.ts";

/**
 * What a rollback takes back, or a back-merge brings, in plain text: `#12`, or the commit that was pushed.
 */
export function nameOfTakenBack({ number, mergeSha }: Pick<RollbackProof, "number" | "mergeSha">): string {
  return number === null ? mergeSha.slice(0, 7) : `#${number}`;
}

/** The same, with the title that it had. */
export function takenBack(proof: RollbackProof): PhrasingContent[] {
  const name = code(nameOfTakenBack(proof));
  return proof.number === null
    ? inline("the hotfix pushed as ", name)
    : inline("pull request ", name, ", ", prose(proof.title));
}
