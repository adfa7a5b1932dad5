import { onStatus } from "../../github/api/answer.ts";
import { read } from "../../github/api/read.ts";
import { type Fact, known } from "../../policy/fact.ts";
import { landedAt } from "../../policy/landing/early-deployment.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { nameKey } from "../../policy/repository.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Place } from "../context.ts";
import { readOpened } from "./open.ts";

/** In the same repository. */
export interface OlderPostMortem {
  readonly number: number;
  readonly body: string;
}

/**
 * `recorded`: what was merged or deployed says so; `claimed`: only the issue itself, which people can edit.
 * An older one: what landed has that.
 */
export type About = "recorded" | "claimed" | OlderPostMortem | null;

/** Has what landed an older one? */
export function isOlderOne(about: About): about is OlderPostMortem {
  return typeof about === "object" && about !== null;
}

/**
 * Is this the post-mortem of that hotfix? What was merged or deployed remembers; where it remembers none, the
 * marker in the body says so.
 */
export async function isAbout(
  place: Place,
  snapshot: PullRequestSnapshot,
  issue: PostMortemIssue,
  marked: boolean,
): Promise<Fact<About>> {
  if (landedAt(snapshot) === null)
    return snapshot.deployedEarly?.known === false ? snapshot.deployedEarly : known(null);
  const opened = await readOpened(place, snapshot);
  if (!opened.known) return opened;
  const recorded = opened.value;
  const claim = marked ? "claimed" : null;
  if (recorded === null) return known(claim);
  const here = nameKey(issue.repo);
  if (recorded.repository.toLowerCase() === here && recorded.number === issue.number)
    return known("recorded");
  const inOnePlace = recorded.repository.toLowerCase() === here;
  // Another instance has opened one after this one, and was the first to record it.
  if (inOnePlace && marked && recorded.number > issue.number) return known(claim);
  // An issue that was transferred is remembered by its old place, which leads to the new one.
  const [owner = "", repo = ""] = recorded.repository.split("/");
  const { octokit } = place.client;
  return read("the post-mortem that was opened", async () => {
    const found = await octokit.rest.issues
      .get({ owner, repo, issue_number: recorded.number })
      .catch(onStatus([404, 410], null));
    // The one that is remembered is gone, and no other was opened since.
    if (found === null) return claim;
    const { number, repository_url: url, body } = found.data;
    if (!url.toLowerCase().endsWith(`/${here}`)) return null;
    if (number === issue.number) return "recorded";
    return inOnePlace && marked ? { number, body: body ?? "" } : null;
  });
}
