import type { Pull } from "../read.ts";
import { ActButton, ActForm, OutcomeIcon, outcomeOf } from "./parts.tsx";
import type { Around } from "./view.ts";

/** What GitHub shows under a conversation: the checks, and whether it may be merged. */
export function MergeBox({ view, around }: { view: Pull; around: Around }) {
  const { pull, blockers } = view;
  if (pull.merged) return <Merged view={view} around={around} />;
  if (pull.state !== "open") return null;
  const allowed = blockers.length === 0;
  return (
    <section class={`box merge ${allowed ? "merge-good" : "merge-bad"}`} aria-label="Merge">
      <Checks view={view} />
      <div class="merge-part">
        <span class={`outcome outcome-${allowed ? "good" : "bad"}`} aria-hidden="true">
          {allowed ? "✓" : "✕"}
        </span>
        <div>
          <h2>{allowed ? "Ready to merge" : "Merging is blocked"}</h2>
          {allowed ? (
            <p>The required check passed, and there are no conflicts with the base branch.</p>
          ) : (
            <ul class="plain">
              {blockers.map((blocker) => (
                <li>{blocker}</li>
              ))}
            </ul>
          )}
        </div>
      </div>
      <MergeForm allowed={allowed} number={pull.number} around={around} />
    </section>
  );
}

function MergeForm({ allowed, number, around }: { allowed: boolean; number: number; around: Around }) {
  const admin = around.me.permission === "admin";
  return (
    <ActForm act="merge" around={around} fields={{ number }} class="merge-part row">
      <button type="submit" class={`button ${allowed ? "primary" : ""}`}>
        {allowed ? "Merge pull request" : "Try to merge"}
      </button>
      <select name="method" aria-label="How to merge">
        <option value="merge">Create a merge commit</option>
        <option value="squash">Squash and merge</option>
        <option value="rebase">Rebase and merge</option>
      </select>
      {admin && !allowed ? (
        <label class="choice">
          <input type="checkbox" name="bypass" value="yes" /> Merge without waiting for requirements to be met
          (bypass rules)
        </label>
      ) : null}
      <span class="muted">as {around.me.name}</span>
    </ActForm>
  );
}

function Checks({ view }: { view: Pull }) {
  const { checks, pull } = view;
  return (
    <div class="merge-part" aria-live="polite">
      <div>
        <h2>Checks</h2>
        {checks.length === 0 ? (
          <p class="waiting">Hotfix Guard was told, and is looking at it…</p>
        ) : (
          <ul class="plain">
            {checks.map(({ name, conclusion, output }) => (
              <li>
                <OutcomeIcon conclusion={conclusion} /> <b>{name}</b>{" "}
                <span class="muted">{output.title ?? outcomeOf(conclusion).text}</span>{" "}
                {name === "hotfix-gate" ? <span class="tag">Required</span> : null}{" "}
                <a href={`/kamiyo/api/pull/${pull.number}/checks`} aria-label={`Details of ${name}`}>
                  Details
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function Merged({ view, around }: { view: Pull; around: Around }) {
  const { number } = view.pull;
  return (
    <section class="box merge merge-done" aria-label="Merge">
      <div class="merge-part">
        <span class="outcome outcome-done" aria-hidden="true">
          ✓
        </span>
        <div>
          <h2>Merged and closed</h2>
          <p>If it is a hotfix, its post-mortem issue opens by itself.</p>
        </div>
      </div>
      <div class="merge-part row">
        <ActButton act="revert" label="Revert" fields={{ number }} around={around} />
        <span class="muted">opens a pull request as {around.me.name}</span>
      </div>
    </section>
  );
}
