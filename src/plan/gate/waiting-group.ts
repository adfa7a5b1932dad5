/** A merge group, as its job is keyed. */
export interface WaitingGroup {
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseRef: string;
  readonly headRef: string;
}
