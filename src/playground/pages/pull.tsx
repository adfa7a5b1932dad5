import type { Child } from "hono/jsx";
import { REPO } from "../../demo/kamiyo.ts";
import type { LabelJson } from "../../sandbox/index.ts";
import type { Pull } from "../read.ts";
import { page } from "./layout.tsx";
import { MergeBox } from "./merge-box.tsx";
import { ActButton, ActForm, Label, type State, StateBadge, Who } from "./parts.tsx";
import { PushForm } from "./push-form.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Comment, Timeline } from "./timeline.tsx";
import type { Around } from "./view.ts";

type PullTab = "" | "commits" | "checks" | "files";

export const stateOf = ({ pull }: Pick<Pull, "pull">): State =>
  pull.merged ? "merged" : pull.state === "open" ? "open" : "closed";

/** The frame of a pull request's four pages. */
export function pullPage(options: { view: Pull; tab: PullTab; around: Around; children: Child }) {
  const { view, tab, around, children } = options;
  const { pull, commits, checks, files } = view;
  const tabs: readonly (readonly [PullTab, string, number | null])[] = [
    ["", "Conversation", null],
    ["commits", "Commits", commits.length],
    ["checks", "Checks", checks.length],
    ["files", "Files changed", files.length],
  ];
  const base = `/kamiyo/api/pull/${pull.number}`;
  return page({
    title: `${pull.title} · #${pull.number}`,
    tab: "pulls",
    around,
    children: (
      <>
        <h1>
          {pull.title} <span class="muted">#{pull.number}</span>
        </h1>
        <p class="subtitle">
          <StateBadge state={stateOf(view)} /> <Who login={pull.user?.login ?? "ghost"} />{" "}
          {pull.merged ? "merged" : "wants to merge"} {commits.length} commit{commits.length === 1 ? "" : "s"}{" "}
          into <code>{pull.base.ref}</code> from{" "}
          <code>{pull.head.repo?.full_name === REPO ? pull.head.ref : pull.head.label}</code>
        </p>
        <nav class="tabs" aria-label="Pull request">
          <ul>
            {tabs.map(([id, text, count]) => (
              <li>
                <a href={id === "" ? base : `${base}/${id}`} aria-current={id === tab ? "page" : undefined}>
                  {text}
                  {count === null ? null : <span class="counter">{count}</span>}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {children}
      </>
    ),
  });
}

/** A pull request's conversation, with what can be done there. */
export function conversationPage(view: Pull, labels: readonly LabelJson[], around: Around) {
  const { pull, timeline } = view;
  const open = pull.state === "open";
  return pullPage({
    view,
    tab: "",
    around,
    children: (
      <div class="with-sidebar">
        <div>
          <Comment
            login={pull.user?.login ?? "ghost"}
            at={pull.created_at}
            body={pull.body ?? ""}
            around={around}
            did="opened this pull request"
          />
          <Timeline items={timeline} around={around} />
          <MergeBox view={view} around={around} />
          {open ? <ReviewForm number={pull.number} around={around} /> : null}
          <CommentForm number={pull.number} commands={true} around={around} />
          {open ? <PushForm view={view} around={around} /> : null}
          {pull.merged ? null : (
            <div class="row">
              {open ? (
                <ActButton
                  act="close-pull"
                  label="Close pull request"
                  fields={{ number: pull.number }}
                  around={around}
                />
              ) : (
                <ActButton
                  act="reopen-pull"
                  label="Reopen pull request"
                  fields={{ number: pull.number }}
                  around={around}
                />
              )}
            </div>
          )}
        </div>
        <Sidebar
          number={pull.number}
          labels={view.labels}
          all={labels}
          around={around}
          people={reviewers(view)}
        />
      </div>
    ),
  });
}

/** Whoever was asked for a review, or gave one. */
function reviewers({ pull, timeline }: Pull): readonly { login: string; state: string }[] {
  const asked = [
    ...(pull.requested_reviewers ?? []).map(({ login }) => login),
    ...(pull.requested_teams ?? []).map(({ slug }) => slug),
  ].map((name) => [name, "review requested"] as const);
  const given = timeline
    .filter(({ event }) => event === "reviewed")
    .map(({ user, state, commit_id }) => {
      const word = String(state).replaceAll("_", " ");
      const now = commit_id === pull.head.sha ? "" : ", before the latest push";
      return [(user as { login: string }).login, `${word}${now}`] as const;
    });
  return [...new Map([...given, ...asked])].map(([login, state]) => ({ login, state }));
}

function ReviewForm({ number, around }: { number: number; around: Around }) {
  const choices = [
    ["APPROVED", "Approve"],
    ["CHANGES_REQUESTED", "Request changes"],
    ["COMMENTED", "Comment"],
  ] as const;
  return (
    <details class="box act">
      <summary>Review these changes as {around.me.name}</summary>
      <ActForm act="review" around={around} fields={{ number }} class="box-body">
        <fieldset class="plain">
          <legend class="hidden">Review</legend>
          {choices.map(([value, text], i) => (
            <label class="choice">
              <input type="radio" name="state" value={value} checked={i === 0} /> {text}
            </label>
          ))}
        </fieldset>
        <label for="review-body">What you say (may stay empty)</label>
        <textarea id="review-body" name="body" rows={2} />
        <button type="submit" class="button primary">
          Submit review
        </button>
      </ActForm>
    </details>
  );
}

const COMMANDS = ["/hotfix help", "/hotfix recheck", "/hotfix verified", "/hotfix rollback"];

/** A comment; the commands that need no more words are a button each. */
export function CommentForm(props: { number: number; commands: boolean; around: Around }) {
  const { number, commands, around } = props;
  return (
    <div class="box act">
      <ActForm act="comment" around={around} fields={{ number }} class="box-body">
        <label for="comment-body">Comment as {around.me.name}</label>
        <textarea
          id="comment-body"
          name="body"
          rows={3}
          placeholder={commands ? "For example: /hotfix override scope <reason>" : ""}
        />
        <button type="submit" class="button primary">
          Comment
        </button>
      </ActForm>
      {commands ? (
        <div class="box-body row">
          <span class="muted">Or comment one of the commands:</span>
          {COMMANDS.map((body) => (
            <ActButton
              act="comment"
              label={body}
              fields={{ number, body }}
              around={around}
              class="button code"
            />
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** Labels, side by side. */
export function LabelList({ names }: { names: readonly string[] }) {
  return (
    <>
      {names.map((name) => (
        <>
          <Label name={name} />{" "}
        </>
      ))}
    </>
  );
}
