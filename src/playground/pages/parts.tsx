import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { nameOf } from "../cast.ts";
import { markdown } from "../markdown.ts";
import type { Around } from "./view.ts";

/** A form that does one thing as the visitor's person, and comes back to the page it stands on. */
export function ActForm(props: {
  act: string;
  around: Around;
  fields?: Readonly<Record<string, string | number>>;
  class?: string;
  children?: Child;
}) {
  return (
    <form method="post" action={`/act/${props.act}`} class={props.class ?? ""}>
      <input type="hidden" name="back" value={props.around.path} />
      {Object.entries(props.fields ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={String(value)} />
      ))}
      {props.children}
    </form>
  );
}

/** One button that does one thing. */
export function ActButton(props: {
  act: string;
  around: Around;
  fields?: Readonly<Record<string, string | number>>;
  class?: string;
  label: string;
  /** Of which of several, for those who do not see where it stands. */
  about?: string;
}) {
  const { label, about } = props;
  return (
    <ActForm act={props.act} around={props.around} fields={props.fields ?? {}} class="inline">
      <button
        type="submit"
        class={props.class ?? "button"}
        aria-label={about === undefined ? undefined : `${label}: ${about}`}
      >
        {label}
      </button>
    </ActForm>
  );
}

/** Text as GitHub shows it, made harmless; nothing in it: `empty`. */
export function Markdown(props: { text: string | null | undefined; around: Around; empty?: string }) {
  if (!props.text?.trim()) return <p class="muted">{props.empty ?? "No description provided."}</p>;
  return <div class="markdown-body">{raw(markdown(props.text, props.around.github))}</div>;
}

/** A circle with somebody's initials; their name stands beside it. */
export function Avatar({ login }: { login: string }) {
  const bot = login.endsWith("[bot]");
  const initials = nameOf(login)
    .split(/[\s-]/)
    .map((word) => word[0]?.toUpperCase())
    .slice(0, 2)
    .join("");
  return (
    <span class={`avatar avatar-${bot ? "bot" : login}`} aria-hidden="true">
      {bot ? "🛡️" : initials}
    </span>
  );
}

/** Who it is, with the mark of an app. */
export function Who({ login }: { login: string }) {
  const bot = login.endsWith("[bot]");
  return (
    <span class="who">
      <b>{login.replace("[bot]", "")}</b>
      {bot ? <span class="tag">bot</span> : null}
    </span>
  );
}

const FORMAT = new Intl.DateTimeFormat("en-US", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** A time, in UTC. */
export function Time({ at }: { at: string | Date }) {
  const date = new Date(at);
  return <time datetime={date.toISOString()}>{FORMAT.format(date)} UTC</time>;
}

/** Labels have a look of their own; others a plain one. */
export function Label({ name }: { name: string }) {
  const kind = name.startsWith("approved:") ? "approved" : name.replace(/[^A-Za-z0-9]+/g, "-");
  return <span class={`label label-${kind}`}>{name}</span>;
}

const STATES = {
  open: { text: "Open", icon: "○" },
  merged: { text: "Merged", icon: "✓" },
  closed: { text: "Closed", icon: "✕" },
} as const;

/** What became of a pull request or issue. */
export type State = keyof typeof STATES;

/** The badge that says what became of a pull request or issue. */
export function StateBadge({ state, issue = false }: { state: State; issue?: boolean }) {
  const { text, icon } = STATES[state];
  return (
    <span class={`state state-${state}${issue ? "-issue" : ""}`}>
      <span aria-hidden="true">{icon}</span> {text}
    </span>
  );
}

const OUTCOMES: Readonly<Record<string, { icon: string; kind: string; text: string }>> = {
  success: { icon: "✓", kind: "good", text: "successful" },
  failure: { icon: "✕", kind: "bad", text: "failing" },
  action_required: { icon: "!", kind: "wait", text: "action required" },
  cancelled: { icon: "⊘", kind: "neutral", text: "cancelled" },
  skipped: { icon: "⊘", kind: "neutral", text: "skipped" },
  neutral: { icon: "■", kind: "neutral", text: "neutral" },
};
const RUNNING = { icon: "●", kind: "wait", text: "in progress" };

/** Icon, look and words of a check's conclusion; `null`: it is still running. */
export const outcomeOf = (conclusion: string | null) =>
  conclusion === null
    ? RUNNING
    : (OUTCOMES[conclusion] ?? { icon: "■", kind: "neutral", text: conclusion.replaceAll("_", " ") });

/** The icon of a check's conclusion; `null`: it has none yet. */
export function OutcomeIcon({ conclusion }: { conclusion: string | null }) {
  const { icon, kind, text } = outcomeOf(conclusion);
  return (
    <span class={`outcome outcome-${kind}`} role="img" aria-label={text}>
      {icon}
    </span>
  );
}
