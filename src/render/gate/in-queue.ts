import type { PhrasingContent } from "mdast";
import type { QueueEntry, QueueState } from "../../policy/merge-queue.ts";
import { bold, type Inline, inline } from "../text/markdown.ts";
import { duration, time } from "../text/time.ts";

/** What people know of an entry besides its place. */
const IN_WORDS: Readonly<Partial<Record<QueueState, string>>> = {
  AWAITING_CHECKS: ", its group's checks are running",
  MERGEABLE: ", its group's checks have passed",
};

/** "position 2 in the merge queue", for the check's title. */
export function queueTitle(queue: QueueEntry | "unread"): string {
  return queue === "unread" ? "in the merge queue" : `position ${queue.position} in the merge queue`;
}

/** Where it waits and how long, as of when: the queue moves without the app being told. */
export function inQueue(queue: QueueEntry | "unread", outsideCheck: boolean): PhrasingContent[] {
  if (outsideCheck) return inline("In the merge queue: see the check for its position.");
  if (queue === "unread")
    return inline("In the merge queue; its position could not be read, and the pull request shows it.");
  const { position, state, queuedAt, asOf, secondsLeft } = queue;
  const waited = duration(Date.parse(asOf) - Date.parse(queuedAt));
  const place: Inline[] = [
    "In the merge queue as of ",
    time(asOf.replace(/\.\d+Z$/, "Z")),
    `: position ${position}, waiting for ${waited}`,
  ];
  if (state === "UNMERGEABLE")
    return inline(
      ...place,
      ", and GitHub calls it unmergeable. ",
      bold("Next:"),
      " anyone with write access takes it out of the queue; the pull request says what is in the way.",
    );
  const left =
    secondsLeft === null
      ? "GitHub gives no estimate"
      : `${duration(secondsLeft * 1_000)} to go by GitHub's estimate`;
  return inline(...place, state === null ? "" : (IN_WORDS[state] ?? ""), `; ${left}.`);
}
