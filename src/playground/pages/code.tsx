import { DEPLOYMENT_MESSAGE } from "../../demo/kamiyo.ts";
import type { Code } from "../read.ts";
import { page } from "./layout.tsx";
import { ActButton, ActForm, Time } from "./parts.tsx";
import { ChangeChoices } from "./push-form.tsx";
import type { Around } from "./view.ts";

/** The branch `main`, and what can be pushed to it without a pull request. */
export function codePage({ commits, branches }: Code, around: Around) {
  const others = branches.filter((name) => name !== "main");
  return page({
    title: "kamiyo/api",
    tab: "code",
    around,
    children: (
      <>
        <h1>
          Branch <code>main</code>
        </h1>
        <p>
          It is production. The check <b>hotfix-gate</b> is required on it, pinned to the app; administrators
          may bypass that.
        </p>
        <p>
          <a class="button primary" href="/kamiyo/api/compare">
            New pull request
          </a>
        </p>
        <ul class="box list">
          {commits.map(({ sha, message, author, at }, i) => (
            <li>
              <div class="row">
                <span>
                  <b>{message.split("\n")[0]}</b> <code>{sha.slice(0, 7)}</code>
                </span>
                {i === commits.length - 1 ? null : (
                  <ActButton
                    act="revert-directly"
                    label="Revert, push directly"
                    about={`${message.split("\n")[0]} ${sha.slice(0, 7)}`}
                    fields={{ sha }}
                    around={around}
                  />
                )}
              </div>
              <p class="muted">
                {author} committed, <Time at={at} />
              </p>
            </li>
          ))}
        </ul>
        <section class="box act" aria-label="Push directly to main">
          <div class="box-body">
            <h2>Push directly to main as {around.me.name}</h2>
            {others.length === 0 ? null : (
              <ActForm act="merge-directly" around={around} class="row">
                <label for="direct-branch">git merge --no-ff</label>
                <select id="direct-branch" name="branch">
                  {others.map((name) => (
                    <option value={name}>{name}</option>
                  ))}
                </select>
                <button type="submit" class="button">
                  Merge and push
                </button>
              </ActForm>
            )}
            <details>
              <summary>Commit and push</summary>
              <ActForm act="push-directly" around={around}>
                <ChangeChoices chosen={["fix"]} />
                <label for="direct-message">Commit message</label>
                <textarea id="direct-message" name="message" rows={11} class="code">
                  {DEPLOYMENT_MESSAGE}
                </textarea>
                <button type="submit" class="button">
                  Push to main
                </button>
              </ActForm>
            </details>
          </div>
        </section>
      </>
    ),
  });
}

/** The form of a new branch with its pull request. */
export function comparePage(around: Around) {
  return page({
    title: "New pull request",
    tab: "pulls",
    around,
    children: (
      <>
        <h1>New pull request as {around.me.name}</h1>
        <ActForm act="open-pull" around={around} class="box box-body stacked">
          <label for="new-branch">Branch</label>
          <input id="new-branch" name="branch" value="hotfix/stripe-secret" required />
          <ChangeChoices chosen={["fix"]} />
          <label for="new-message">Commit message</label>
          <textarea id="new-message" name="message" rows={11} class="code" required>
            {DEPLOYMENT_MESSAGE}
          </textarea>
          <label for="new-title">Title</label>
          <input
            id="new-title"
            name="title"
            value="HOTFIX: Fix Stripe webhook signature verification"
            required
          />
          <label for="new-body">Description</label>
          <textarea id="new-body" name="body" rows={3}>
            - [x] The issue is real{"\n"}- [x] Tested locally and on staging
          </textarea>
          <button type="submit" class="button primary">
            Create pull request
          </button>
        </ActForm>
      </>
    ),
  });
}
