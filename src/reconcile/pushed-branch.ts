import {
  type ListedPullRequest,
  listOpenPullRequests,
  type ReadBranch,
  readBranch,
} from "../github/collect/git/listing.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import type { PushedBranch } from "../plan/branch.ts";
import { type Fact, known } from "../policy/fact.ts";
import type { PolicyReading } from "../policy/verdict.ts";
import { keyOf, type Place } from "./context.ts";

/** A branch as it is now, and what decides what it is. */
export interface BranchReading {
  readonly reading: PolicyReading;
  /** For the plans about it. */
  readonly pushed: Omit<PushedBranch, "pulls"> & { readonly pulls: readonly ListedPullRequest[] };
  /** `null`: it is not there (any more). */
  readonly branch: ReadBranch;
}

/** Reads a branch that was pushed, with the policy and what is open, side by side. */
export async function readPushedBranch(place: Place, ref: string): Promise<Fact<BranchReading>> {
  const { client, repo } = place;
  const [reading, pulls, branch] = await Promise.all([
    loadPolicy(client, repo),
    listOpenPullRequests(client, repo),
    readBranch(client, repo, ref),
  ]);
  if (!pulls.known) return pulls;
  if (!branch.known) return branch;
  const policy = reading.state === "valid" ? reading.policy : null;
  return known({
    reading,
    pushed: { here: keyOf(place), ref, pulls: pulls.value, policy },
    branch: branch.value,
  });
}
