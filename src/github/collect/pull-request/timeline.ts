import type { Fact } from "../../../policy/fact.ts";
import type { AppIdentity } from "../../../policy/snapshot/account.ts";
import type { Comment, History, LabelEvent, Review } from "../../../policy/snapshot/history.ts";
import { isApp, type RawAccount, toAccount } from "../../api/account.ts";
import { count, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read, readPages } from "../../api/read.ts";

/** What is used of GitHub's timeline events; which fields there are depends on `event`. */
export interface RawTimelineEvent {
  readonly event?: string;
  readonly actor?: RawAccount | null;
  readonly user?: RawAccount | null;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly submitted_at?: string | null;
  readonly performed_via_github_app?: { readonly id?: number | bigint } | null;
  readonly label?: { readonly name?: string } | null;
  readonly state?: string;
  readonly commit_id?: string | null;
  readonly id?: number | bigint;
  readonly body?: string | null;
  readonly html_url?: string;
  readonly rename?: { readonly from?: string } | null;
  readonly source?: { readonly issue?: RawSource | null } | null;
}

/** Where an issue was mentioned. */
export interface RawSource {
  readonly number?: number;
  readonly pull_request?: unknown;
  readonly repository?: { readonly full_name?: string };
}

/** A timeline of more pages than this is unknown. */
const MAX_PAGES = 50;

const WHAT = "the timeline of the pull request";

/** The pull request's timeline, all of it. */
export async function readHistory(client: GitHubClient, repo: Repo, number: number): Promise<Fact<History>> {
  const events = await readTimeline(client, repo, number, WHAT);
  return events.known ? read(WHAT, async () => toHistory(events.value, client.app)) : events;
}

/** The timeline of an issue or pull request as GitHub gives it, all of it. */
export function readTimeline(
  { octokit }: GitHubClient,
  repo: Repo,
  number: number,
  what: string,
): Promise<Fact<readonly RawTimelineEvent[]>> {
  return readPages(
    what,
    async (page) => {
      const { data, headers } = await octokit.rest.issues.listEventsForTimeline({
        ...repo,
        issue_number: number,
        per_page: PER_PAGE,
        page,
      });
      return { data: data as readonly RawTimelineEvent[], headers };
    },
    { maxPages: MAX_PAGES },
  );
}

/** Sorts the events by kind, each oldest first: by time, and by the list's order within a second. */
export function toHistory(events: readonly RawTimelineEvent[], app: AppIdentity): History {
  const dated = events
    .filter(({ event }) => event !== undefined && Object.hasOwn(KINDS, event))
    .map((event) => ({ event, kind: KINDS[event.event as keyof typeof KINDS], at: timeOf(event) }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const of = (kind: Kind) => dated.filter((entry) => entry.kind === kind);
  return {
    labels: of("label").flatMap(({ event, at }) => toLabelEvent(event, at, app)),
    reviews: of("review").map(({ event, at }) => toReview(event, at)),
    comments: of("comment").map(({ event, at }) => toComment(event, at, app)),
    baseChangedAt: of("base").map(({ at }) => at),
    reopenedAt: of("reopened").map(({ at }) => at),
    headForcePushedAt: of("head").map(({ at }) => at),
    readyAt: of("ready").map(({ at }) => at),
    renamed: of("renamed").flatMap(({ event: { rename }, at }) =>
      typeof rename?.from === "string" ? [{ at, from: rename.from }] : [],
    ),
    reviewRequestedAt: of("request")
      .filter(({ event }) => isApp(toAccount(event.actor), event.performed_via_github_app, app))
      .map(({ at }) => at),
    inMergeQueue: of("queue").at(-1)?.event.event === "added_to_merge_queue",
  };
}

type Kind =
  | "label"
  | "review"
  | "comment"
  | "base"
  | "reopened"
  | "head"
  | "ready"
  | "renamed"
  | "request"
  | "queue";

const KINDS = {
  labeled: "label",
  unlabeled: "label",
  reviewed: "review",
  commented: "comment",
  base_ref_changed: "base",
  automatic_base_change_succeeded: "base",
  reopened: "reopened",
  head_ref_force_pushed: "head",
  head_ref_restored: "head",
  ready_for_review: "ready",
  renamed: "renamed",
  review_requested: "request",
  added_to_merge_queue: "queue",
  removed_from_merge_queue: "queue",
} as const satisfies Readonly<Record<string, Kind>>;

function timeOf({ created_at, submitted_at }: RawTimelineEvent): string {
  return text(created_at ?? submitted_at);
}

function toLabelEvent(raw: RawTimelineEvent, at: string, app: AppIdentity): readonly LabelEvent[] {
  // Deleting a label in the repository leaves events that do not say which it was.
  if (typeof raw.label?.name !== "string") return [];
  const actor = toAccount(raw.actor);
  return [
    {
      event: raw.event === "labeled" ? "labeled" : "unlabeled",
      label: raw.label.name,
      actor,
      byApp: isApp(actor, raw.performed_via_github_app, app),
      at,
    },
  ];
}

function toReview(raw: RawTimelineEvent, at: string): Review {
  return {
    author: toAccount(raw.user ?? raw.actor),
    state: text(raw.state).toLowerCase() as Review["state"],
    commit: raw.commit_id ?? null,
    at,
  };
}

function toComment(raw: RawTimelineEvent, at: string, app: AppIdentity): Comment {
  const author = toAccount(raw.user ?? raw.actor);
  return {
    id: count(raw.id),
    author,
    byApp: isApp(author, raw.performed_via_github_app, app),
    body: raw.body ?? "",
    createdAt: at,
    updatedAt: raw.updated_at ?? at,
    url: raw.html_url ?? "",
  };
}
