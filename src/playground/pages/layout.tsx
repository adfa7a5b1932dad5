import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { CAST } from "../cast.ts";
import { ActForm, Time } from "./parts.tsx";
import { TourPanel } from "./tour-panel.tsx";
import type { Around } from "./view.ts";

/** Which part of the site a page belongs to. */
export type Tab = "home" | "code" | "issues" | "pulls" | "hooks" | "docs";

/** A whole page. `status`: of the answer where it is an error. */
export function page(options: { title: string; tab: Tab; around: Around; children: Child }) {
  const { title, tab, around, children } = options;
  return html`<!doctype html>
${(
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title} · Hotfix Guard playground</title>
      <link rel="icon" href="/assets/icon.svg" />
      <link rel="stylesheet" href="/assets/markdown.css" />
      <link rel="stylesheet" href="/assets/page.css" />
      <script type="module" src="/assets/page.js" />
    </head>
    <body>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Top around={around} />
      <Tabs tab={tab} around={around} />
      <div class="columns">
        <main id="main">
          {around.appEnded ? (
            <p class="flash flash-refused" role="alert">
              Hotfix Guard itself has ended, so nothing reacts any more. Start over, beside this.
            </p>
          ) : null}
          <Said around={around} />
          {children}
        </main>
        <TourPanel around={around} />
      </div>
      <p id="live" class="hidden" aria-live="polite" />
    </body>
  </html>
)}`;
}

function Said({ around: { said } }: { around: Around }) {
  return (
    <div id="said">
      {said === null ? null : (
        <p
          class={`flash flash-${said.kind}`}
          role={said.kind === "refused" ? "alert" : "status"}
          data-kind={said.kind}
        >
          {said.text}
        </p>
      )}
    </div>
  );
}

function Top({ around }: { around: Around }) {
  return (
    <header class="top">
      <a class="home" href="/">
        <span aria-hidden="true">🛡️</span> Hotfix Guard playground
      </a>
      <ActForm act="wait" around={around} class="top-form">
        <label for="minutes">
          <span aria-hidden="true">🕑 </span>
          <Time at={around.now} />
        </label>
        <select id="minutes" name="minutes" aria-label="Let time pass">
          <option value="15">+15 minutes</option>
          <option value="60">+1 hour</option>
          <option value="240">+4 hours</option>
          <option value="1440">+1 day</option>
        </select>
        <button type="submit" class="button">
          Let time pass
        </button>
      </ActForm>
      <form method="post" action="/as" class="top-form">
        <input type="hidden" name="back" value={around.path} />
        <label for="login">Acting as</label>
        <select id="login" name="login" data-submits>
          {CAST.map(({ login, name, part }) => (
            <option value={login} selected={login === around.me.login}>
              {name}: {part}
            </option>
          ))}
        </select>
        <button type="submit" class="button without-script">
          Switch
        </button>
      </form>
    </header>
  );
}

function Tabs({ tab, around }: { tab: Tab; around: Around }) {
  const tabs: readonly (readonly [Tab, string, string, number?])[] = [
    ["code", "/kamiyo/api", "Code"],
    ["issues", "/kamiyo/api/issues", "Issues", around.openIssues],
    ["pulls", "/kamiyo/api/pulls", "Pull requests", around.openPulls],
    ["hooks", "/webhooks", "Webhooks"],
  ];
  return (
    <nav class="repo" aria-label="Repository">
      <p class="repo-name">
        <span class="muted">kamiyo /</span> <b>api</b>
      </p>
      <ul>
        {tabs.map(([id, href, text, count]) => (
          <li>
            <a href={href} aria-current={id === tab ? "page" : undefined}>
              {text}
              {count === undefined ? null : <span class="counter">{count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
