import type { Child } from "hono/jsx";
import type { Happening } from "../read.ts";
import { Avatar, Label, Markdown, Time, Who } from "./parts.tsx";
import type { Around } from "./view.ts";

interface Account {
  readonly login: string;
}

/** Everything that happened on an issue or pull request, in the order of the embedded GitHub. */
export function Timeline({ items, around }: { items: readonly Happening[]; around: Around }) {
  return (
    <ol class="timeline">
      {items.map((item) => {
        const shown = show(item, around);
        return shown === null ? null : <li>{shown}</li>;
      })}
    </ol>
  );
}

function show(item: Happening, around: Around): Child {
  const event = String(item.event);
  if (event === "commented")
    return (
      <Comment
        login={loginOf(item.user)}
        at={String(item.created_at)}
        body={String(item.body)}
        around={around}
        id={`issuecomment-${item.id}`}
      />
    );
  if (event === "reviewed") return <Reviewed item={item} around={around} />;
  if (event === "committed") return <Committed item={item} />;
  const words = wordsOf(event, item);
  if (words === null) return null;
  const login = loginOf(item.actor);
  return (
    <p class="event">
      <Avatar login={login} /> <Who login={login} /> {words}, <Time at={String(item.created_at)} />
    </p>
  );
}

/** A text that somebody wrote, in a box of its own. */
export function Comment(props: {
  login: string;
  at: string;
  body: string;
  around: Around;
  id?: string;
  did?: string;
}) {
  return (
    <article class="box comment" id={props.id ?? ""} aria-label={`Comment by ${props.login}`}>
      <p class="box-head">
        <Avatar login={props.login} /> <Who login={props.login} /> {props.did ?? "commented"},{" "}
        <Time at={props.at} />
      </p>
      <div class="box-body">
        <Markdown text={props.body} around={props.around} />
      </div>
    </article>
  );
}

const REVIEWED: Readonly<Record<string, { icon: string; kind: string; words: string }>> = {
  approved: { icon: "✓", kind: "good", words: "approved these changes" },
  changes_requested: { icon: "±", kind: "bad", words: "requested changes" },
  commented: { icon: "●", kind: "neutral", words: "reviewed" },
  dismissed: { icon: "⊘", kind: "neutral", words: "gave a review that was dismissed" },
};

function Reviewed({ item, around }: { item: Happening; around: Around }) {
  const login = loginOf(item.user);
  const look = REVIEWED[String(item.state)] ?? { icon: "●", kind: "neutral", words: "reviewed" };
  return (
    <>
      <p class="event">
        <span class={`outcome outcome-${look.kind}`} aria-hidden="true">
          {look.icon}
        </span>{" "}
        <Avatar login={login} /> <Who login={login} /> {look.words} at{" "}
        <code>{String(item.commit_id).slice(0, 7)}</code>, <Time at={String(item.submitted_at)} />
      </p>
      {String(item.body ?? "") === "" ? null : (
        <div class="box box-body">
          <Markdown text={String(item.body)} around={around} />
        </div>
      )}
    </>
  );
}

function Committed({ item }: { item: Happening }) {
  const { author, message, sha } = item as unknown as {
    author: { name: string };
    message: string;
    sha: string;
  };
  return (
    <p class="event">
      <span aria-hidden="true">○</span> {author.name} committed <b>{message.split("\n")[0]}</b>{" "}
      <code>{sha.slice(0, 7)}</code>
    </p>
  );
}

/** Whether it is said with an object of its own; `null`: what nobody has to see. */
function wordsOf(event: string, item: Happening): Child {
  const label = (item.label as { name?: string } | undefined)?.name ?? "";
  const rename = item.rename as { from?: string; to?: string } | undefined;
  const words: Readonly<Record<string, () => Child>> = {
    labeled: () => (
      <>
        added <Label name={label} />
      </>
    ),
    unlabeled: () => (
      <>
        removed <Label name={label} />
      </>
    ),
    closed: () => "closed this",
    reopened: () => "reopened this",
    merged: () => (
      <>
        merged commit <code>{String(item.commit_id).slice(0, 7)}</code>
      </>
    ),
    head_ref_force_pushed: () => "force-pushed the branch",
    head_ref_deleted: () => "deleted the branch",
    head_ref_restored: () => "restored the branch",
    review_requested: () => <>requested a review from {requested(item)}</>,
    review_dismissed: () => "dismissed a review",
    assigned: () => <>assigned {loginOf(item.assignee)}</>,
    unassigned: () => <>unassigned {loginOf(item.assignee)}</>,
    renamed: () => (
      <>
        changed the title from <s>{rename?.from}</s> to <b>{rename?.to}</b>
      </>
    ),
    base_ref_changed: () => "changed the base branch",
    "cross-referenced": () => <>mentioned this in {source(item)}</>,
  };
  return words[event]?.() ?? null;
}

function requested(item: Happening): string {
  const team = (item.requested_team as { name?: string } | undefined)?.name;
  return team ?? loginOf(item.requested_reviewer);
}

function source(item: Happening): Child {
  const { issue } = (item.source ?? {}) as {
    issue?: { number: number; title: string; pull_request?: unknown } | null;
  };
  if (!issue) return "another place";
  const folder = issue.pull_request === undefined ? "issues" : "pull";
  return (
    <a href={`/kamiyo/api/${folder}/${issue.number}`}>
      {issue.title} #{issue.number}
    </a>
  );
}

function loginOf(account: unknown): string {
  return (account as Account | null | undefined)?.login ?? "ghost";
}
