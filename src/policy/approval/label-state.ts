import type { History, LabelEvent } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { instant } from "../time.ts";
import { until } from "./arrival.ts";

/** A label and the event that last set it. */
export interface LabelState {
  /** As GitHub spells it. */
  readonly label: string;
  readonly on: boolean;
  /** It is off because the app took it off: why it did is still told. */
  readonly takenOffByApp: boolean;
  /**
   * The event that set it and still stands: it is on, or it was the app that took it off. `null`: nobody is
   * on record.
   */
  readonly set: LabelEvent | null;
  /**
   * Labels and timeline contradict each other, and the pull request was changed a moment ago: the read may be
   * stale.
   */
  readonly mayBeStale: boolean;
}

/** How long GitHub's timeline may lag behind a pull request's labels, in milliseconds. */
const LAG_MS = 60_000;

/**
 * Where each label with the prefix stands: of all `labeled` and `unlabeled` events of a name the last
 * decides. Of a merged pull request, as it was at the moment of the merge.
 */
export function labelStates(
  snapshot: PullRequestSnapshot,
  history: History,
  prefix: string,
): readonly LabelState[] {
  const before = until(snapshot);
  const { pullRequest } = snapshot;
  const events = new Map<string, LabelEvent[]>();
  for (const event of history.labels) {
    const name = event.label.toLowerCase();
    if (!name.startsWith(prefix) || !before(event.at)) continue;
    const those = events.get(name);
    if (those === undefined) events.set(name, [event]);
    else those.push(event);
  }
  const present = new Map(pullRequest.labels.map((label) => [label.toLowerCase(), label]));
  const names = new Set([
    ...events.keys(),
    ...(pullRequest.merged === null ? [...present.keys()].filter((name) => name.startsWith(prefix)) : []),
  ]);
  const fresh = instant(snapshot.observedAt) - instant(pullRequest.updatedAt) < LAG_MS;
  return [...names].map((name) => {
    const [last, earlier] = (events.get(name) ?? []).slice(-2).reverse();
    const lastSays = last?.event === "labeled";
    const on = pullRequest.merged === null ? present.has(name) : lastSays;
    const takenOffByApp = !on && last?.event === "unlabeled" && last.byApp;
    const setter = takenOffByApp ? earlier : on ? last : undefined;
    return {
      label: present.get(name) ?? last?.label ?? name,
      on,
      takenOffByApp,
      set: setter?.event === "labeled" ? setter : null,
      mayBeStale: on !== lastSays && fresh,
    };
  });
}
