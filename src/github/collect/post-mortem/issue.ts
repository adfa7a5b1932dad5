import { DIGEST_ISSUE } from "../../../policy/digest.ts";
import { type Fact, known } from "../../../policy/fact.ts";
import type { StateChange } from "../../../policy/post-mortem/decide.ts";
import type { PostMortemIssue, PullRequestReference } from "../../../policy/post-mortem/issue.ts";
import { looksLikePostMortem, postMortemOfItem } from "../../../policy/post-mortem/item-issues.ts";
import { type Subject, subjectOf } from "../../../policy/post-mortem/subject.ts";
import { isApp, toAccount } from "../../api/account.ts";
import { count, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { type RawTimelineEvent, readTimeline, toHistory } from "../pull-request/timeline.ts";
import { readActionIssues } from "./action-issues.ts";
import type { OpenedPostMortem } from "./record.ts";

/** `gone`: deleted, converted, or moved to where the app cannot read. `foreign`: not the app's own issue. */
export type PostMortemReading =
  | {
      readonly state: "gone";
      /** What it was about, where that can still be read. */
      readonly subject: Subject | null;
    }
  | { readonly state: "foreign" }
  /** It keeps an action item of this post-mortem. */
  | {
      readonly state: "action-item";
      readonly of: Repo & { readonly number: number };
      readonly closed: boolean;
    }
  | { readonly state: "found"; readonly issue: PostMortemIssue };

/** Reads a post-mortem issue. Issues of others, whatever marker they hold, are none. */
export async function readPostMortemIssue(
  client: GitHubClient,
  repo: Repo,
  number: number,
): Promise<Fact<PostMortemReading>> {
  const answer = await read("the post-mortem issue", async () => {
    const { octokit } = client;
    const found = await octokit.rest.issues
      .get({ ...repo, issue_number: number })
      .catch(onStatus([404, 410], null));
    return found === null ? null : found.data;
  });
  if (!answer.known) return answer;
  const raw = answer.value;
  if (raw === null) return known({ state: "gone", subject: null });
  if (raw.pull_request || !isApp(toAccount(raw.user), raw.performed_via_github_app, client.app))
    return known({ state: "foreign" });
  const place = await read("the post-mortem issue", async () => placeOf(text(raw.repository_url)));
  if (!place.known) return place;
  const here = { repo: place.value, number: count(raw.number) };
  const events = await readTimeline(client, here.repo, here.number, "the timeline of the post-mortem");
  if (!events.known) return events;
  // GitHub closes and locks what it converts, and shows it still (docs, issue event types,
  // `converted_to_discussion`).
  if (events.value.some(({ event }) => event === "converted_to_discussion"))
    return known({ state: "gone", subject: subjectOf(raw.body ?? "") });
  const said = { title: raw.title ?? "", body: raw.body ?? "" };
  // One that was renamed is what it was, whatever people wrote into it.
  const was = events.value.some(({ rename }) => /^post-mortem/i.test(text(rename?.from ?? "")));
  if (!was && said.body.includes(DIGEST_ISSUE) && !looksLikePostMortem(said))
    return known({ state: "foreign" });
  const item = was ? null : postMortemOfItem(said);
  if (item !== null) return known({ state: "action-item", of: item, closed: raw.state === "closed" });
  const history = toHistory(events.value, client.app);
  const actionIssues = await readActionIssues(client, here.repo, raw.body ?? "");
  return read("the post-mortem issue", async () => ({
    state: "found",
    issue: {
      ...here,
      url: raw.html_url,
      title: raw.title ?? "",
      body: raw.body ?? "",
      state: raw.state === "closed" ? "closed" : "open",
      createdAt: text(raw.created_at),
      updatedAt: text(raw.updated_at),
      labels: list(raw.labels).flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
      assignees: (raw.assignees ?? []).map(({ login }) => login),
      closings: stateChanges(events.value, "closed", client),
      reopenings: stateChanges(events.value, "reopened", client),
      labelEvents: history.labels,
      comments: history.comments,
      actionIssues,
      mentionedIn: events.value.flatMap(mention),
      ...(was ? { renamed: true } : {}),
    },
  }));
}

/**
 * Is the issue still where the app can read it, or has it been deleted, converted, or moved away? One
 * request, where it is open.
 */
export async function readPresence(
  client: GitHubClient,
  { repository, number }: OpenedPostMortem,
): Promise<Fact<boolean>> {
  const [owner = "", repo = ""] = repository.split("/");
  const answer = await read("the post-mortem issue", async () => {
    const found = await client.octokit.rest.issues
      .get({ owner, repo, issue_number: number })
      .catch(onStatus([404, 410], null));
    return found?.data ?? null;
  });
  if (!answer.known) return answer;
  if (answer.value === null) return known(false);
  // What is converted is closed and locked.
  if (answer.value.state !== "closed" || answer.value.locked !== true) return known(true);
  const reading = await readPostMortemIssue(client, { owner, repo }, number);
  return reading.known ? known(reading.value.state !== "gone") : reading;
}

/** `https://api.github.com/repos/kamiyo/api` → the repository. */
function placeOf(repositoryUrl: string): Repo {
  const [repo = "", owner = ""] = repositoryUrl.split("/").reverse();
  return { owner, repo };
}

function stateChanges(
  events: readonly RawTimelineEvent[],
  kind: "closed" | "reopened",
  { app }: GitHubClient,
): readonly StateChange[] {
  return events
    .filter(({ event }) => event === kind)
    .map(({ actor: raw, created_at, performed_via_github_app: via }) => {
      const actor = toAccount(raw);
      return { at: text(created_at), actor, byApp: isApp(actor, via, app) };
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function mention({ event, source }: RawTimelineEvent): readonly PullRequestReference[] {
  const from = source?.issue;
  if (event !== "cross-referenced" || !from?.pull_request || typeof from.number !== "number") return [];
  const [owner, repo] = from.repository?.full_name?.split("/") ?? [];
  return owner && repo ? [{ owner, repo, number: from.number }] : [];
}
