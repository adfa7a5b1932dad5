import { type Fact, known } from "../../../policy/fact.ts";
import type { PolicyReading } from "../../../policy/verdict.ts";
import { type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { read } from "../../api/read.ts";
import { branchActivity } from "../git/activity.ts";

type Valid = Extract<PolicyReading, { state: "valid" }>;

/** A shared file, and how what it was in a commit reads. `absent`: it was not there. */
export interface SharedFile {
  readonly place: Repo;
  /** As people know it. */
  readonly label: string;
  readAt(sha: string): Promise<PolicyReading | "absent">;
}

/** For so long at most the last valid version stands in for one that is not valid. */
const LONGEST_MS = 24 * 3_600_000;
/** So many pushes are gone back. */
const MOST_PUSHES = 20;

const broken = remembered<true>("shared files that are not valid")({});

/** How many shared files this process has lately found not to be valid. */
export function brokenSharedFiles(): number {
  broken.purgeStale();
  return broken.size;
}

/** What a shared file was found to be, for those who count. */
export function noteShared(label: string, isValid: boolean): void {
  if (isValid) broken.delete(label);
  else broken.set(label, true);
}

/**
 * The newest valid version of a shared file that is not valid (any more), where it held on the default branch
 * until less than a day ago. Told by GitHub's record of the pushes to that branch, with its own times: what a
 * commit's history brought with it was never in force, and dates of commits are anybody's. `null`: there is
 * none, it is too long ago, that version does not want it (`shared_file_grace`), or this server has no such
 * record.
 */
export async function lastValid(client: GitHubClient, file: SharedFile): Promise<Fact<Valid | null>> {
  const { place, label } = file;
  noteShared(label, false);
  const pushes = await read(`the last valid version of ${label}`, async () => {
    const { data } = await client.octokit.rest.repos.get({ ...place });
    return branchActivity(client, place, text(data.default_branch));
  });
  if (!pushes.known) return pushes;
  const now = client.serverTime().getTime();
  const recent = (pushes.value ?? []).filter(({ at }) => Date.parse(at) > now - LONGEST_MS);
  for (const { before, at } of recent.slice(0, MOST_PUSHES)) {
    // The branch's first push.
    if (/^0+$/.test(before)) return known(null);
    const was = await file.readAt(before);
    if (was === "absent") return known(null);
    if (was.state === "unknown") return { known: false, reason: was.reason };
    if (was.state === "invalid") continue;
    const until = Date.parse(at) + Math.min(was.policy.shared_file_grace, LONGEST_MS);
    if (until <= now) return known(null);
    return known({ ...was, lastValid: { file: label, until: new Date(until).toISOString() } });
  }
  return known(null);
}
