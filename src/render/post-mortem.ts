import type { RootContent } from "mdast";
import type { DesiredIssue } from "../policy/action.ts";
import type { PostMortemFacts } from "../policy/postmortem/facts.ts";
import { bold, heading, html, inline, markdown, p } from "./markdown.ts";
import { hiddenMarker } from "./marker.ts";
import { type MessageOf, registered } from "./message.ts";
import { prose, titleText } from "./neutralise.ts";
import * as sections from "./post-mortem-sections.ts";
import { renderTemplate, type TemplateReading } from "./post-mortem-template.ts";
import { BODY_LIMIT, fitted, size } from "./size.ts";
import { duration, time } from "./time.ts";

/** How the app finds the post-mortem of a pull request again, in issues that it wrote itself. */
export function postMortemMarker(repository: { owner: string; name: string }, number: number): string {
  return hiddenMarker("post-mortem", `${repository.owner}/${repository.name}#${number}`);
}

/** The headings of the default form, in the procedure's order, then what the design adds. */
function defaultForm(facts: PostMortemFacts, messageOf: MessageOf): RootContent[] {
  const section = (title: string, ...nodes: RootContent[]): RootContent[] => [heading(2, title), ...nodes];
  return [
    ...section("Incident Summary", ...sections.incidentSummary(facts)),
    ...section("Timeline", ...sections.timelineTable(facts), sections.timelineDiagram(facts)),
    ...section("Root Cause", ...sections.rootCause(facts)),
    ...section("Resolution", ...sections.resolution(facts)),
    ...section("Prevention", ...sections.prevention()),
    ...section("Action Items", ...sections.actionItems(facts)),
    ...section("Impact", ...sections.impact(facts)),
    ...section("Verification", ...sections.verification(facts)),
    ...section("Approvals and Exceptions", ...sections.gate(facts, messageOf)),
    ...section("Metrics", ...sections.metrics(facts)),
  ];
}

/**
 * Title and body of the post-mortem issue. A template that cannot be used is replaced by the default form, which says so; what must
 * be seen (due time, a merge without a valid approval) and the hidden marker are there with any template.
 */
export function renderPostMortem(
  facts: PostMortemFacts,
  context: { readonly messageOf?: MessageOf; readonly template?: TemplateReading | null },
): { readonly title: string; readonly body: string } {
  const { messageOf = registered, template } = context;
  const marker = html(postMortemMarker(facts.repository, facts.number));
  const title = `Post-mortem: ${titleText(facts.title)} (#${facts.number})`;
  const top = [marker, ...lead(facts)];
  if (template) {
    const rendered = renderTemplate(template, facts, messageOf);
    if ("text" in rendered) {
      const body = `${markdown(top)}\n${rendered.text}`;
      if (size(body) <= BODY_LIMIT) return { title, body };
      top.push(
        p(
          "⚠️ The post-mortem template of this repository makes more text than GitHub takes; this is the default form.",
        ),
      );
    } else {
      top.push(
        p(
          "⚠️ The post-mortem template of this repository could not be used: ",
          inline(prose(rendered.problem)),
          ". This is the default form.",
        ),
      );
    }
  }
  return { title, body: fitted([...top, ...defaultForm(facts, messageOf)], BODY_LIMIT) };
}

/** What has to be seen first. */
function lead(facts: PostMortemFacts): RootContent[] {
  const nodes: RootContent[] = [
    p(
      bold("Due ", time(facts.due)),
      `, ${duration(facts.dueAfter)} after the merge of `,
      sections.pullRequest(facts),
      ". Replace every line in italics that starts with “To be written”, give each action item a person and a date, then close this issue.",
    ),
  ];
  if (facts.approval === "missing")
    nodes.push(
      p(
        "⚠️ ",
        bold("Merged without a valid approval."),
        " Say under Root Cause or Prevention how that came about.",
      ),
    );
  if (facts.approval === "unknown")
    nodes.push(p("⚠️ ", bold("Whether the merge had a valid approval could not be read.")));
  const others = facts.violations.filter(({ rule }) => rule !== "approval").length;
  if (others > 0)
    nodes.push(p("⚠️ ", bold("Not all rules held at the merge;"), " see Approvals and Exceptions, below."));
  return nodes;
}

/** The issue to be opened, in `policy.post_mortem.repository` or the pull request's own. */
export function desiredPostMortem(
  facts: PostMortemFacts,
  context: Parameters<typeof renderPostMortem>[1] & { readonly repository: string | null },
): DesiredIssue {
  const { owner, name } = facts.repository;
  return {
    repository: context.repository ?? `${owner}/${name}`,
    marker: postMortemMarker(facts.repository, facts.number),
    ...renderPostMortem(facts, context),
    labels: facts.labels,
    assignees: facts.assignees,
    since: facts.merged.at,
    pullRequest: facts.number,
  };
}
