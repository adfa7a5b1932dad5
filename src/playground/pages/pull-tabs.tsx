import type { Annotation, ChangedFile, Commit, Pull } from "../read.ts";
import { ActButton, Markdown, OutcomeIcon, outcomeOf, Time } from "./parts.tsx";
import { pullPage } from "./pull.tsx";
import type { Around } from "./view.ts";

/** A pull request's commits. */
export function commitsPage(view: Pull, around: Around) {
  return pullPage({ view, tab: "commits", around, children: <Commits commits={view.commits} /> });
}

/** Commits with their whole message. */
export function Commits({ commits }: { commits: readonly Commit[] }) {
  return (
    <ul class="box list">
      {commits.map(({ sha, message, author, at }) => {
        const [title, ...rest] = message.split("\n");
        return (
          <li>
            <p>
              <b>{title}</b> <code>{sha.slice(0, 7)}</code>
            </p>
            {rest.join("").trim() === "" ? null : <pre tabindex={0}>{rest.join("\n").trim()}</pre>}
            <p class="muted">
              {author} committed, <Time at={at} />
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** The check runs on a pull request's head. */
export function checksPage(view: Pull, around: Around) {
  const { checks, annotations } = view;
  return pullPage({
    view,
    tab: "checks",
    around,
    children:
      checks.length === 0 ? (
        <p class="waiting">No check yet: Hotfix Guard was told, and is looking at it…</p>
      ) : (
        checks.map((check) => (
          <section class="box check" aria-label={check.name}>
            <div class="box-head row">
              <OutcomeIcon conclusion={check.conclusion} />
              <span>
                <b>{check.name}</b> by {check.app?.slug}: {outcomeOf(check.conclusion).text}
              </span>
              <ActButton act="rerun" label="Re-run" fields={{ run: check.id }} around={around} />
            </div>
            <div class="box-body">
              <h2>{check.output.title}</h2>
              <Markdown text={check.output.summary} around={around} empty="No summary." />
              {check.output.text ? <Markdown text={check.output.text} around={around} /> : null}
              <Annotations annotations={annotations} />
            </div>
          </section>
        ))
      ),
  });
}

function Annotations({ annotations }: { annotations: readonly Annotation[] }) {
  if (annotations.length === 0) return null;
  return (
    <>
      <h2>Annotations</h2>
      <ul class="plain">
        {annotations.map((one) => (
          <li class={`annotation annotation-${one.level}`}>
            <b>
              {one.path}#L{one.line}
            </b>{" "}
            {one.title}
            <br />
            {one.message}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The files that a pull request changes, with the annotations of its checks. */
export function filesPage(view: Pull, around: Around) {
  return pullPage({
    view,
    tab: "files",
    around,
    children: view.files.map((file) => (
      <FileDiff file={file} annotations={view.annotations.filter(({ path }) => path === file.path)} />
    )),
  });
}

function FileDiff({ file, annotations }: { file: ChangedFile; annotations: readonly Annotation[] }) {
  return (
    <section class="box file" aria-label={file.path}>
      <p class="box-head">
        <b>{file.path}</b> <span class="plus">+{file.additions}</span>{" "}
        <span class="minus">−{file.deletions}</span>{" "}
        {file.status === "modified" ? null : <span class="tag">{file.status}</span>}
      </p>
      {annotations.map(({ level, title, message }) => (
        <p class={`annotation annotation-${level}`}>
          <b>hotfix-gate: {title}</b> {message}
        </p>
      ))}
      {file.patch === null ? (
        <p class="box-body muted">Nothing to show.</p>
      ) : (
        <pre class="diff" tabindex={0}>
          {file.patch.split("\n").map((line) => (
            <span class={KINDS[line[0] ?? ""] ?? "same"}>{`${line}\n`}</span>
          ))}
        </pre>
      )}
    </section>
  );
}

const KINDS: Readonly<Record<string, string>> = { "+": "added", "-": "removed", "@": "hunk" };
