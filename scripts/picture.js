// Makes docs/images/check.png: what the real server posts on a blocked hotfix, drawn as GitHub draws it. See docs/images/README.md.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { parse } from "yaml";
import {
  DEPLOYMENT_MESSAGE,
  JOHN,
  REPO,
  STRIPE,
  STRIPE_FIXED,
  setUpKamiyo,
  UNRELATED,
} from "../dist/demo/kamiyo.js";
import { startServerProcess } from "../dist/demo/server-process.js";
import { gateOf, until } from "../dist/demo/watch.js";
import { startSandbox } from "../dist/sandbox/index.js";

const PICTURE = fileURLToPath(new URL("../docs/images/check.png", import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? "chromium";
const WIDTH = 960;
/** Rows of the table that the picture shows; the others and the commands to copy are below. */
const ROWS = 8;

/** The gate of the demo's third step: a good message, three files that do not belong to the fix. */
async function blockedGate() {
  const manifest = parse(readFileSync(new URL("../app.yml", import.meta.url), "utf8"));
  const sandbox = await startSandbox({
    permissions: manifest.default_permissions,
    events: manifest.default_events,
  });
  try {
    await setUpKamiyo(sandbox);
    const server = await startServerProcess(sandbox);
    try {
      const git = sandbox.git(REPO);
      const branch = "hotfix/stripe-webhook-verification";
      const author = sandbox.person(JOHN);
      const sha = await git.commit(branch, {
        message: DEPLOYMENT_MESSAGE,
        files: { [STRIPE]: STRIPE_FIXED, ...UNRELATED },
        author,
        committer: author,
        parents: [git.head("main")],
      });
      await git.push(JOHN, branch, sha);
      const { number } = await sandbox.as(JOHN).openPullRequest(REPO, {
        head: branch,
        title: "HOTFIX: Fix Stripe webhook signature verification",
        body: "- [x] The issue is real\n- [x] Tested locally and on staging",
      });
      return await until("the gate", async () => {
        const gate = await gateOf(sandbox, REPO, number);
        return gate?.conclusion === "failure" ? gate : null;
      });
    } finally {
      await server.stop();
    }
  } finally {
    await sandbox.close();
  }
}

function page({ title, summary }) {
  const text = (value) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const body = micromark(summary, { extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #fff; color: #1f2328; font: 14px/1.5 "Liberation Sans", "Noto Color Emoji", sans-serif; }
    header { display: flex; gap: 10px; align-items: center; padding: 14px 20px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; }
    header b { font-size: 16px; }
    .x { width: 16px; height: 16px; border-radius: 50%; background: #d1242f; color: #fff; font: bold 11px/16px sans-serif; text-align: center; }
    main { padding: 4px 20px 20px; }
    h1 { font-size: 20px; margin: 14px 0 8px; } h3 { font-size: 16px; margin: 16px 0 8px; } p { margin: 0 0 10px; }
    table { border-collapse: collapse; margin-bottom: 14px; } th, td { border: 1px solid #d1d9e0; padding: 5px 11px; text-align: left; vertical-align: top; }
    tr:nth-child(2n) td { background: #f6f8fa; } td:nth-child(2) { white-space: nowrap; } td:first-child { white-space: nowrap; }
    code { font: 12px "DejaVu Sans Mono", monospace; background: #818b981f; border-radius: 6px; padding: 2px 5px; }
    pre { background: #f6f8fa; border-radius: 6px; padding: 12px; overflow: hidden; } pre code { background: none; padding: 0; }
    a { color: #0969da; text-decoration: none; }
    .more { position: absolute; left: 0; right: 0; height: 64px; background: linear-gradient(#fff0, #fff); }
  </style><header><span class="x">✕</span><b>hotfix-gate</b> Required · failing</header><main><h1>${text(title)}</h1>${body}</main>`;
}

/** Chromium in a profile of its own; returns what it prints. */
function chromium(folder, ...flags) {
  return execFileSync(
    CHROMIUM,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
      `--user-data-dir=${join(folder, "profile")}`,
      ...flags,
      `file://${join(folder, "check.html")}`,
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 60_000 },
  );
}

const folder = mkdtempSync(join(tmpdir(), "hotfix-guard-picture-"));
try {
  const html = page(await blockedGate());
  // First where the last row ends, then a window of that height.
  const measure = `<div class="more"></div><script>
    const end = Math.round(document.querySelectorAll("tr")[${ROWS}].getBoundingClientRect().bottom);
    document.querySelector(".more").style.top = end - 64 + "px";
    document.title = end;
  </script>`;
  writeFileSync(join(folder, "check.html"), html + measure);
  const height = Number(
    /<title>(\d+)/.exec(chromium(folder, `--window-size=${WIDTH},800`, "--dump-dom"))?.[1],
  );
  if (!(height > 0)) throw new Error("Chromium did not say where the table ends");
  chromium(folder, `--window-size=${WIDTH},${height}`, "--disable-lcd-text", `--screenshot=${PICTURE}`);
  console.log(`${PICTURE}: ${readFileSync(PICTURE).length} bytes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
