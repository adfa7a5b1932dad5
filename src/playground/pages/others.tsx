import { raw } from "hono/html";
import { INCIDENT } from "../../demo/kamiyo.ts";
import type { Delivery, RequestLog } from "../../sandbox/index.ts";
import { CAST } from "../cast.ts";
import { markdown } from "../markdown.ts";
import { STEPS } from "../tour/steps.ts";
import { page } from "./layout.tsx";
import { Avatar, Time } from "./parts.tsx";
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
          The guided tour at the side has {STEPS.length} steps and takes five minutes: press its button, look
          at what happens, go on. At any time you can do something else instead.
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

/** A page that says one thing. */
export function messagePage(title: string, text: string, around: Around) {
  return page({
    title,
    tab: "home",
    around,
    children: (
      <>
        <h1>{title}</h1>
        <p>{text}</p>
      </>
    ),
  });
}

/** A page of the documentation. */
export function docsPage(title: string, text: string, around: Around) {
  return page({
    title,
    tab: "docs",
    around,
    children: <article class="box box-body markdown-body">{raw(markdown(text, around.github))}</article>,
  });
}

const SHOWN = 60;

/** What went over the wire: webhooks to the app, and what it wrote. */
export function webhooksPage(
  deliveries: readonly Delivery[],
  requests: readonly RequestLog[],
  around: Around,
) {
  const writes = requests.filter(
    ({ method, path, installationToken }) =>
      installationToken && method !== "GET" && !path.includes("graphql"),
  );
  return page({
    title: "Webhooks",
    tab: "hooks",
    around,
    children: (
      <>
        <h1>Webhooks</h1>
        <p>What GitHub told the app, signed, and what the app wrote in answer. The newest is first.</p>
        <div class="halves">
          <section aria-labelledby="told">
            <h2 id="told">GitHub told Hotfix Guard</h2>
            <table class="wire">
              <thead>
                <tr>
                  <th scope="col">Event</th>
                  <th scope="col">Answer</th>
                  <th scope="col">When</th>
                </tr>
              </thead>
              <tbody>
                {deliveries
                  .filter(({ statusCode }) => statusCode !== undefined)
                  .slice(-SHOWN)
                  .reverse()
                  .map(({ event, action, statusCode, durationMs, deliveredAt }) => (
                    <tr>
                      <td>
                        <code>{action === null ? event : `${event}.${action}`}</code>
                      </td>
                      <td>
                        {statusCode} in {durationMs} ms
                      </td>
                      <td>
                        <Time at={deliveredAt} />
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </section>
          <section aria-labelledby="wrote">
            <h2 id="wrote">Hotfix Guard wrote</h2>
            <table class="wire">
              <thead>
                <tr>
                  <th scope="col">Request</th>
                  <th scope="col">Answer</th>
                </tr>
              </thead>
              <tbody>
                {writes
                  .slice(-SHOWN)
                  .reverse()
                  .map(({ method, path, status }) => (
                    <tr>
                      <td>
                        <code>
                          {method} {path.replace("/repos/kamiyo/api", "…")}
                        </code>
                      </td>
                      <td>{status}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
            <p class="muted">
              {requests.filter(({ installationToken }) => installationToken).length} requests in all,{" "}
              {requests.filter(({ status }) => status === 304).length} of them answered “not modified”.
            </p>
          </section>
        </div>
      </>
    ),
  });
}
