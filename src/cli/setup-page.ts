/** The pages of `hotfix-guard setup`. */

const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --card: #fff; --page: #f6f8fa; --go: #1f883d; --red: #d1242f; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f6fc; --muted: #9198a1; --line: #3d444d; --card: #151b23; --page: #0d1117; --go: #238636; --red: #f85149; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 6vh 16px; background: var(--page); color: var(--text); font: 16px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
main { max-width: 640px; margin: auto; padding: 32px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
h1 { margin: 0 0 4px; font-size: 24px; }
p { margin: 8px 0; } .muted { color: var(--muted); }
ol { list-style: none; margin: 24px 0; padding: 0; counter-reset: step; }
li { position: relative; padding: 0 0 20px 44px; counter-increment: step; }
li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 28px; height: 28px; border: 2px solid var(--line); border-radius: 50%; text-align: center; line-height: 24px; font-size: 14px; color: var(--muted); }
li.done::before { content: "✓"; background: var(--go); border-color: var(--go); color: #fff; }
li.now::before { border-color: var(--go); color: var(--go); font-weight: 600; }
li b { display: block; }
button, .button { display: inline-block; margin-top: 8px; padding: 8px 16px; border: 0; border-radius: 6px; background: var(--go); color: #fff; font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
button:focus-visible, .button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
code { padding: 2px 6px; border-radius: 6px; background: var(--page); font: 13px ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.error { margin: 16px 0; padding: 12px 16px; border-left: 4px solid var(--red); background: var(--page); }
`;

/** What the first page of `setup` shows: the form that asks GitHub to create the app. */
export interface BeginPage {
  /** Where GitHub creates the app, with the state in its query. */
  readonly action: string;
  readonly manifest: object;
  /** Whose the app will be; `null`: the person's own. */
  readonly organization: string | null;
  readonly github: string;
  readonly webhookUrl: string;
  /** What went wrong the last time. */
  readonly error?: string;
}

/** Sends the manifest to GitHub, which asks the person and comes back with a code. */
export function beginPage({ action, manifest, organization, github, webhookUrl, error }: BeginPage): string {
  const owner =
    organization === null ? "your own account" : `the organization <code>${escapeHtml(organization)}</code>`;
  return page(
    "Create the GitHub App",
    `${error === undefined ? "" : `<div class="error" role="alert">${escapeHtml(error)}</div>`}
<ol>
<li class="now"><b>Create the app on GitHub</b>It will belong to ${owner} on <code>${escapeHtml(github)}</code>, and receive webhooks at <code>${escapeHtml(webhookUrl)}</code>. GitHub shows what it asks for; you can change the name there.
<form action="${escapeHtml(action)}" method="post"><input type="hidden" name="manifest" value="${escapeHtml(JSON.stringify(manifest))}"><button>Create GitHub App</button></form></li>
<li><b>Install it on your repositories</b></li>
<li><b>Start the server</b></li>
<li><b>Make the check required</b></li>
</ol>
<p class="muted">This page is on your machine only, and gone after use. The private key goes straight into <code>.env</code>.</p>`,
  );
}

/** What the last page of `setup` shows, once GitHub has created the app. */
export interface DonePage {
  readonly name: string;
  /** Where the app is installed; `null`: GitHub did not say. */
  readonly install: string | null;
  /** What is left to do about the webhook's address. */
  readonly address: string;
}

/** The last page of `setup`: what is left to be done. */
export function donePage({ name, install, address }: DonePage): string {
  const how =
    install === null
      ? "On the app's page on GitHub, choose <i>Install App</i>."
      : `<a class="button" href="${escapeHtml(install)}" rel="noreferrer">Install on GitHub</a>`;
  return page(
    "The app was created",
    `<ol>
<li class="done"><b>${escapeHtml(name)} was created</b>Its credentials are in <code>.env</code>, readable by you only.</li>
<li class="now"><b>Install it on your repositories</b>${how}</li>
<li><b>Start the server</b>In the terminal: <code>npm start</code>. ${escapeHtml(address)}</li>
<li><b>Make the check required</b>In the protection of your production branch, require <code>hotfix-gate</code>, pinned to the app.</li>
</ol>
<p class="muted">You can close this page; the setup has ended.</p>`,
  );
}

/** One sentence, for whoever should not be here. */
export function plainPage(text: string): string {
  return page("Hotfix Guard setup", `<p>${escapeHtml(text)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Hotfix Guard</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="muted">🛡️ Hotfix Guard</p>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** Nothing else of HTML is style here, so its digest is all that the page's policy has to allow. */
export const STYLE_TEXT = STYLE;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
