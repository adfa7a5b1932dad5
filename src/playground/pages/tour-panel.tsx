import { nameOf } from "../cast.ts";
import type { TourAct } from "../tour/step.ts";
import { STEPS } from "../tour/steps.ts";
import type { TourState } from "../tour/tour.ts";
import { ActForm, Avatar } from "./parts.tsx";
import type { Around } from "./view.ts";

/** The tour beside the page, or the way back to it. */
export function TourPanel({ around }: { around: Around }) {
  const { tour } = around;
  return (
    <aside class="tour" aria-label="Guided tour">
      {tour === null ? <FreePlay around={around} /> : <Step tour={tour} around={around} />}
      <details>
        <summary>Start over</summary>
        <form method="post" action="/restart">
          <p>Everything that happened here is forgotten.</p>
          <button type="submit" class="button">
            Start over with a fresh GitHub
          </button>
        </form>
      </details>
    </aside>
  );
}

function Step({ tour, around }: { tour: TourState; around: Around }) {
  const { at, act, waiting } = tour;
  const step = STEPS[at];
  return (
    <>
      <p class="tour-count">
        {step === undefined ? "Tour finished" : `Guided tour: step ${at + 1} of ${STEPS.length}`}
      </p>
      <ol class="dots" aria-hidden="true">
        {STEPS.map((_, i) => (
          <li class={`dot ${i < at ? "dot-done" : i === at ? "dot-now" : ""}`} />
        ))}
      </ol>
      <Seen tour={tour} around={around} />
      {step === undefined ? (
        <TryNext />
      ) : (
        <>
          <h2>{step.title}</h2>
          <p>{step.text}</p>
          {act === null ? null : <Press act={act} waiting={waiting} around={around} />}
          <p class="muted">Or by hand: {step.hand}</p>
        </>
      )}
      <form method="post" action="/tour/leave">
        <input type="hidden" name="back" value={around.path} />
        <button type="submit" class="link">
          {step === undefined ? "Close the tour" : "Leave the tour, play freely"}
        </button>
      </form>
    </>
  );
}

/** What came of the step before. */
function Seen({ tour, around }: { tour: TourState; around: Around }) {
  const before = STEPS[tour.at - 1];
  if (before === undefined) return null;
  const where = before.where(tour.facts);
  return (
    <div class="seen" aria-live="polite">
      <p>
        <span aria-hidden="true">✓ </span>
        {before.seen}
      </p>
      {where === null || where === around.path ? null : <a href={where}>Look at it</a>}
    </div>
  );
}

function Press({ act, waiting, around }: { act: TourAct; waiting: boolean; around: Around }) {
  return (
    <ActForm act="tour" around={around} class="press">
      <p class="muted">
        {act.who.map((login) => (
          <>
            <Avatar login={login} /> {nameOf(login)}{" "}
          </>
        ))}
      </p>
      {waiting ? (
        <p class="waiting" role="status">
          Hotfix Guard is working on it…
        </p>
      ) : (
        <button type="submit" class="button primary">
          {act.label}
        </button>
      )}
    </ActForm>
  );
}

function FreePlay({ around }: { around: Around }) {
  return (
    <>
      <h2>Free play</h2>
      <TryNext />
      <form method="post" action="/tour/join">
        <input type="hidden" name="back" value={around.path} />
        <button type="submit" class="button">
          Back to the guided tour
        </button>
      </form>
    </>
  );
}

function TryNext() {
  return (
    <>
      <p>Everything on the pages works, as whoever you choose at the top. For example:</p>
      <ul>
        <li>
          <a href="/kamiyo/api/compare">Open a pull request</a> of your own. Change P1 to P0 in its message:
          then on-call may approve, and the review may come after the merge.
        </li>
        <li>As Alex, the administrator, merge a red pull request, or push directly to main.</li>
        <li>As Olga, who has no write access, approve something, or open a hotfix from her fork.</li>
        <li>Comment /hotfix override with a reason, as Jane.</li>
        <li>Revert what was merged.</li>
      </ul>
    </>
  );
}
