import type { RootContent } from "mdast";
import type { DesiredIssue } from "../../policy/action.ts";
import { findRegion } from "../../policy/post-mortem/body.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { metricsIn } from "../../policy/post-mortem/metrics-block.ts";
import { fullName } from "../../policy/repository.ts";
import { bold, details, heading, html, inline, link, list, markdown, p, plain } from "../text/markdown.ts";
import { hiddenMarker } from "../text/marker.ts";
import { type MessageOf, registered } from "../text/message.ts";
import { prose, titleText } from "../text/neutralize.ts";
import { BODY_LIMIT, fitted, size } from "../text/size.ts";
import { duration, time } from "../text/time.ts";
import { gateSection } from "./gate-section.ts";
import { metrics, openItems } from "./managed.ts";
import { marks } from "./marks.ts";
import { withUnreadMark } from "./opened-unread.ts";
import * as sections from "./sections.ts";
import { renderTemplate, type TemplateReading } from "./template.ts";
import { timelineDiagram, timelineTable } from "./timeline.ts";
import { managed, pullRequest, shortName } from "./words.ts";

/**
 * How the app finds the post-mortem of a pull request, or of a push by the tip that it made, again in issues
 * that it wrote itself.
 */
export function postMortemMarker(repository: { owner: string; name: string }, of: number | string): string {
  const key = typeof of === "number" ? `#${of}` : `@${of}`;
  return hiddenMarker("post-mortem", `${fullName(repository)}${key}`);
}

/** The headings of the default form, in the procedure's order, then what the design adds. */
function defaultForm(facts: PostMortemFacts, messageOf: MessageOf): RootContent[] {
  const section = (title: string, ...nodes: RootContent[]): RootContent[] => [
    html(`<a name="${anchor(title)}"></a>`),
    heading(2, title),
    ...nodes,
  ];
  return [
    ...toFillIn(facts),
    ...section("Incident Summary", ...sections.incidentSummary(facts)),
    ...section("Timeline", ...timelineTable(facts), ...details("Diagram", timelineDiagram(facts))),
    ...section("Root Cause", ...sections.rootCause(facts)),
    ...section("Resolution", ...sections.resolution(facts)),
    ...section("Prevention", ...sections.prevention()),
    ...section("Action Items", ...sections.actionItems(facts)),
    ...section("Impact", ...sections.impact()),
    ...section("Verification", ...sections.verification(facts)),
    ...details("Approvals, exceptions and metrics", [
      heading(2, "Approvals and Exceptions"),
      ...gateSection(facts, messageOf),
      heading(2, "Metrics"),
      ...metrics(facts),
    ]),
  ];
}

/** GitHub gives the headings of issues no anchors. */
function anchor(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

/** What only people can write, by section, for the first screen. */
function toFillIn(facts: PostMortemFacts): RootContent[] {
  const { fields, reviewOwedAtMerge, backMerges } = facts;
  const also = (known: unknown, what: string): string => (known === undefined ? `${what}, ` : "");
  const owed = [
    ...(reviewOwedAtMerge && facts.push === null ? ["outstanding review"] : []),
    ...(Object.keys(backMerges).length > 0 ? ["back-merge"] : []),
  ];
  const todos: readonly (readonly [string, string])[] = [
    [
      "Incident Summary",
      `${also(fields.Impact, "impact")}when it began and ended, what users saw, how it was detected`,
    ],
    ["Timeline", "when it was detected, deployed and verified, and by whom"],
    [
      "Root Cause",
      `${also(fields["Root Cause"], "why it happened")}what led to it, why it wasn't caught earlier`,
    ],
    ["Resolution", `${also(fields.Solution, "what was changed")}what was verified in production`],
    ["Prevention", "tests, monitoring, deployment checklist, training"],
    ["Action Items", "each with an owner and a due date"],
    ["Impact", "users, downtime, revenue, tickets"],
    ["Verification", ["checklist", ...owed].join(", ")],
  ];
  return [
    p(bold("To fill in:")),
    list(todos.map(([title, what]) => [link(`#${anchor(title)}`, plain(title)), `: ${what}`])),
  ];
}

/**
 * Title and body of the post-mortem issue. A template that cannot be used is replaced by the default form,
 * which says so; what must be seen (due time, a merge without a valid approval) and the hidden marker are
 * there with any template.
 */
export function renderPostMortem(
  facts: PostMortemFacts,
  context: {
    readonly messageOf?: MessageOf;
    readonly template?: TemplateReading | null;
    /** Said above everything else. */
    readonly notice?: string;
  },
): { readonly title: string; readonly body: string } {
  const { messageOf = registered, template } = context;
  const marker = html(postMortemMarker(facts.repository, facts.key));
  const title = `Post-mortem: ${titleText(facts.title)} (${named(facts)})`;
  const top = [
    marker,
    ...(context.notice === undefined ? [] : [p("⚠️ ", prose(context.notice))]),
    ...lead(facts),
  ];
  if (template) {
    const rendered = renderTemplate(template, facts, messageOf);
    if ("text" in rendered) {
      const text = `${markdown(top)}\n${rendered.text}`;
      const missing = managedSection(text, facts);
      const body = missing.length === 0 ? text : `${text}\n${markdown(missing)}`;
      if (size(body) <= BODY_LIMIT) return { title, body };
      top.push(
        p(
          "⚠️ The post-mortem template of this repository is longer than GitHub allows; this is the default form.",
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
  const body = fitted([...top, ...defaultForm(facts, messageOf)], BODY_LIMIT);
  const own = !template && context.notice === undefined;
  return { title, body: own ? withUnreadMark(body, facts) : body };
}

/** What the app keeps up to date and a repository's own form has no place for. */
function managedSection(body: string, facts: PostMortemFacts): RootContent[] {
  const nodes = [
    ...(findRegion(body, "timeline") === null ? timelineTable(facts) : []),
    ...(findRegion(body, "items") === null ? openItems(facts) : []),
    ...(metricsIn(body) === null ? metrics(facts) : []),
  ];
  return nodes.length === 0 ? [] : [heading(2, "Updated by Hotfix Guard"), ...nodes];
}

/** For a title. */
function named(facts: PostMortemFacts): string {
  const name = shortName(facts);
  return name === facts.branch ? titleText(name) : name;
}

/** What has to be seen first. */
function lead(facts: PostMortemFacts): RootContent[] {
  return [
    p(
      bold("Due ", time(facts.due)),
      `, ${duration(facts.dueAfter)} after the ${landing(facts)} of `,
      pullRequest(facts),
      ". Fill in every TODO, and give each action item an owner and a due date; then close this issue.",
    ),
    ...managed("marks", marks(facts)),
  ];
}

function landing({ early, push }: PostMortemFacts): string {
  if (early.known && early.value !== null) return "deployment";
  return push === null ? "merge" : "push";
}

/** What the record on the commit that landed shows to people. */
export function renderRecord(
  facts: PostMortemFacts,
  { repository, number, url }: { readonly repository: string; readonly number: number; readonly url: string },
): { readonly title: string; readonly summary: string } {
  const issue = `${repository}#${number}`;
  return {
    title: `Post-mortem: ${issue}`,
    summary: markdown([
      p(
        "The post-mortem of ",
        pullRequest(facts),
        " is ",
        link(url, plain(issue)),
        ", due ",
        time(facts.due),
        ". There is one per hotfix: if it is deleted, no other is opened.",
      ),
    ]),
  };
}

/** The issue to be opened, in `policy.post_mortem.repository` or the pull request's own. */
export function desiredPostMortem(
  facts: PostMortemFacts,
  context: Parameters<typeof renderPostMortem>[1] & { readonly repository: string | null },
): DesiredIssue {
  return {
    repository: context.repository ?? fullName(facts.repository),
    marker: postMortemMarker(facts.repository, facts.key),
    formerMarker: facts.formerKey === null ? null : postMortemMarker(facts.repository, facts.formerKey),
    ...renderPostMortem(facts, context),
    labels: facts.labels,
    assignees: facts.assignees,
    since: facts.since,
    pullRequest: facts.number ?? 0,
  };
}
