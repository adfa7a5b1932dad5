import type { IssueJson, LabelJson, PullRequestJson } from "../../sandbox/index.ts";
import type { Issue } from "../read.ts";
import { page } from "./layout.tsx";
import { ActButton, ActForm, StateBadge, Time, Who } from "./parts.tsx";
import { CommentForm, LabelList } from "./pull.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Comment, Timeline } from "./timeline.tsx";
import type { Around } from "./view.ts";

/** An issue: its conversation, and what can be done there. */
export function issuePage({ issue, labels, timeline }: Issue, all: readonly LabelJson[], around: Around) {
  const { number } = issue;
  const open = issue.state === "open";
  const people = (issue.assignees ?? []).map(({ login }) => ({ login, state: "" }));
  return page({
    title: `${issue.title} · Issue #${number}`,
    tab: "issues",
    around,
    children: (
      <>
        <h1>
          {issue.title} <span class="muted">#{number}</span>
        </h1>
        <p class="subtitle">
          <StateBadge state={open ? "open" : "closed"} issue={!open} />{" "}
          <Who login={issue.user?.login ?? "ghost"} /> opened this issue, <Time at={issue.created_at} />
        </p>
        <div class="with-sidebar">
          <div>
            <Comment
              login={issue.user?.login ?? "ghost"}
              at={issue.created_at}
              body={issue.body ?? ""}
              around={around}
              did="opened this issue"
            />
            <details class="box act">
              <summary>Edit the description as {around.me.name}</summary>
              <ActForm act="edit-issue" around={around} fields={{ number }} class="box-body">
                <label for="issue-body">Description</label>
                <textarea id="issue-body" name="body" rows={20} class="code">
                  {issue.body ?? ""}
                </textarea>
                <button type="submit" class="button primary">
                  Save
                </button>
              </ActForm>
            </details>
            <Timeline items={timeline} around={around} />
            <CommentForm number={number} commands={labels.includes("post-mortem")} around={around} />
            <div class="row">
              <ActButton
                act={open ? "close-issue" : "reopen-issue"}
                label={open ? "Close issue" : "Reopen issue"}
                fields={{ number }}
                around={around}
              />
              <span class="muted">as {around.me.name}</span>
            </div>
          </div>
          <Sidebar
            number={number}
            labels={labels}
            all={all}
            people={people}
            around={around}
            title="Assignees"
          />
        </div>
      </>
    ),
  });
}

/** The list of issues. */
export function issuesPage(issues: readonly IssueJson[], around: Around) {
  return page({
    title: "Issues",
    tab: "issues",
    around,
    children: (
      <>
        <h1>Issues</h1>
        <ul class="box list">
          {issues.map((issue) => (
            <Row item={issue} state={issue.state === "open" ? "open" : "closed"} folder="issues" />
          ))}
        </ul>
      </>
    ),
  });
}

/** The list of pull requests. */
export function pullsPage(pulls: readonly PullRequestJson[], around: Around) {
  return page({
    title: "Pull requests",
    tab: "pulls",
    around,
    children: (
      <>
        <h1>Pull requests</h1>
        <p>
          <a class="button primary" href="/kamiyo/api/compare">
            New pull request
          </a>
        </p>
        {pulls.length === 0 ? <p class="muted">There is none yet.</p> : null}
        <ul class="box list">
          {pulls.map((pull) => (
            <Row
              item={pull}
              state={pull.merged_at !== null ? "merged" : pull.state === "open" ? "open" : "closed"}
              folder="pull"
            />
          ))}
        </ul>
      </>
    ),
  });
}

function Row(props: {
  item: Pick<IssueJson, "number" | "title" | "user" | "created_at" | "labels">;
  state: "open" | "closed" | "merged";
  folder: string;
}) {
  const { number, title, user, created_at, labels } = props.item;
  const names = labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? [])));
  return (
    <li>
      <p>
        <StateBadge state={props.state} issue={props.folder === "issues" && props.state === "closed"} />{" "}
        <a href={`/kamiyo/api/${props.folder}/${number}`}>
          <b>{title}</b>
        </a>{" "}
        <LabelList names={names} />
      </p>
      <p class="muted">
        #{number} opened by {user?.login}, <Time at={created_at} />
      </p>
    </li>
  );
}
