import { fullName } from "../repository.ts";

/** A reference in `Fixes`: in this repository where `repository` is null. */
export interface IssueReference {
  /** `owner/name`, `null`: this repository. */
  readonly repository: string | null;
  /** `null` where the reference is not a GitHub issue (an address of another tracker). */
  readonly number: number | null;
  /** As written. */
  readonly text: string;
}

/** What was found where `Fixes` points. */
export type IssueFacts =
  | { readonly exists: false }
  /** In a place that the app cannot read: another installation, another tracker. */
  | { readonly exists: "not-verified" }
  | {
      readonly exists: true;
      readonly pullRequest: boolean;
      readonly state: "open" | "closed";
      readonly createdAt: string;
      readonly labels: readonly string[];
      readonly title: string;
    };

/** The key of `PullRequestSnapshot.issues`: the reference as `owner/name#n` or as written, in lower case. */
export function issueKey(reference: IssueReference, repository: { owner: string; name: string }): string {
  if (reference.number === null) return reference.text.toLowerCase();
  return `${reference.repository ?? fullName(repository)}#${reference.number}`.toLowerCase();
}
