import { applyActions } from "../../github/apply/apply.ts";
import { readPostMortemIssue } from "../../github/collect/post-mortem/issue.ts";
import type { OpenedPostMortem } from "../../github/collect/post-mortem/record.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { type Subject, subjectOf } from "../../policy/post-mortem/subject.ts";
import { renderRecord } from "../../render/post-mortem/issue.ts";
import { withMarker } from "../../render/post-mortem/update.ts";
import type { ReconcileContext } from "../context.ts";
import type { Incident } from "../incident.ts";
import { handOver, landedPlace, type Opened, readOpened, urlOf } from "./open.ts";

/**
 * What was deployed early is merged or pushed now: its post-mortem goes on as that one's, which its marker and the commit that landed say from now
 * on. `another's`: the same commits have landed elsewhere before, and it is about that.
 */
export async function adopt(
  context: ReconcileContext,
  { place, snapshot }: Pick<Incident, "place" | "snapshot">,
  facts: PostMortemFacts,
  { repository, number }: OpenedPostMortem,
): Promise<"done" | "again" | "another's"> {
  const at = landedPlace(snapshot);
  if (at === null) return "done";
  const [owner = "", repo = ""] = repository.split("/");
  const reading = await readPostMortemIssue(place.client, { owner, repo }, number);
  if (!reading.known) return "again";
  if (reading.value.state === "found") {
    const { issue } = reading.value;
    const subject = subjectOf(issue.body);
    if (subject !== null && subject.kind !== "branch" && keyOf(subject) !== facts.key) return "another's";
    const body = withMarker(issue.body, facts);
    const { failures } = await applyActions(
      place.client,
      issue.repo,
      body === issue.body
        ? []
        : [{ type: "update-issue-body", number: issue.number, from: issue.body, body }],
      context.log,
    );
    if (failures.some(({ retry }) => retry)) return "again";
  }
  const postMortem = { repository, number, url: urlOf(snapshot, { repository, number }) };
  const { failures } = await applyActions(
    place.client,
    place.repo,
    [{ type: "record-post-mortem", ...at, postMortem, ...renderRecord(facts, postMortem) }],
    context.log,
  );
  return failures.some(({ retry }) => retry) ? "again" : "done";
}

function keyOf(subject: Exclude<Subject, { kind: "branch" }>): number | string {
  return subject.kind === "push" ? subject.key : subject.number;
}

/**
 * Goes on with the post-mortem that a hotfix has already. `open`: there is none; `again`: it could not be read or written; `open-apart`: there is one, which is about another landing of the same
 * commits.
 */
export async function goOn(
  context: ReconcileContext,
  { place, snapshot }: Pick<Incident, "place" | "snapshot">,
  adoptIt: (opened: Opened) => ReturnType<typeof adopt>,
): Promise<"handed-over" | "again" | "open" | "open-apart"> {
  const opened = await readOpened(place, snapshot);
  if (!opened.known) return "again";
  if (opened.value === null) return "open";
  const adopted = opened.value.toAdopt ? await adoptIt(opened.value) : "done";
  if (adopted === "again") return "again";
  if (adopted === "another's") return "open-apart";
  handOver(context, place, opened.value);
  return "handed-over";
}
