import { INCIDENT } from "../../demo/kamiyo.ts";
import { CAST } from "../cast.ts";
import { STEPS } from "../tour/steps.ts";
import { page } from "./layout.tsx";
import { Avatar } from "./parts.tsx";
import type { Around } from "./view.ts";

/** The first page: what this is, and where to begin. */
export function welcomePage(around: Around) {
  return page({
    title: "Welcome",
    tab: "home",
    around,
    children: (
      <>
        <h1>Production is down. You are John.</h1>
        <p class="lead">
          Stripe's webhooks are rejected, orders stay unpaid, and you have the fix. Get it merged: Hotfix
          Guard says what is missing, how to fix it, and who can approve it.
        </p>
        <p class="row">
          <a class="button primary big" href={`/kamiyo/api/issues/${INCIDENT}`}>
            Start with the incident, #{INCIDENT}
          </a>
          <a class="button big" href="/kamiyo/api/compare">
            Open a pull request of my own
          </a>
        </p>
        <p>
          The guided tour has {STEPS.length} steps and takes five minutes: press its green button, look at
          what happens, go on. At any time you can do something else instead.
        </p>
        <h2>Who is who</h2>
        <ul class="plain cast">
          {CAST.map(({ login, name, part }) => (
            <li>
              <Avatar login={login} /> <b>{name}</b>: {part}
            </li>
          ))}
        </ul>
        <h2>What is real here</h2>
        <p>
          GitHub is a small imitation in this program. Hotfix Guard is the real app, in a process of its own:
          it gets signed webhooks and answers by GitHub's API, at the pace that GitHub allows (a comment in
          three seconds). Nothing leaves this machine, and nothing is kept: Ctrl-C in the terminal ends it.
        </p>
      </>
    ),
  });
}
