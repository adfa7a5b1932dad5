import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import { around } from "./around.ts";
import type { Game, Games } from "./game.ts";
import { DIAGRAM_POLICY } from "./guard.ts";
import { codePage, comparePage } from "./pages/code.tsx";
import { issuePage, issuesPage, pullsPage } from "./pages/issue.tsx";
import { conversationPage } from "./pages/pull.tsx";
import { checksPage, commitsPage, filesPage } from "./pages/pull-tabs.tsx";
import { docsPage } from "./pages/texts.tsx";
import type { Around } from "./pages/view.ts";
import { webhooksPage } from "./pages/webhooks.tsx";
import { welcomePage } from "./pages/welcome.tsx";
import { kindOf, labelsOf, readCode, readIssue, readIssues, readPull, readPulls } from "./read.ts";

const REPO_PATH = "/kamiyo/api";

/** Adds everything that is looked at. */
export function addPages(app: Hono, games: Games, root: string): void {
  const page = (path: string, draw: (view: Around, game: Game) => unknown) =>
    app.get(path, async (context) => {
      const game = await games.now();
      return context.html((await draw(await around(context, game), game)) as string);
    });
  page("/", (view) => welcomePage(view));
  page(REPO_PATH, async (view, { company }) => codePage(await readCode(company.sandbox), view));
  page(`${REPO_PATH}/compare`, (view) => comparePage(view));
  page(`${REPO_PATH}/issues`, async (view, { company }) =>
    issuesPage(await readIssues(company.sandbox), view),
  );
  page(`${REPO_PATH}/pulls`, async (view, { company }) => pullsPage(await readPulls(company.sandbox), view));
  page("/webhooks", (view, { company }) =>
    webhooksPage(company.sandbox.deliveries, company.sandbox.requests, view),
  );
  const pullPages = {
    commits: commitsPage,
    checks: checksPage,
    files: filesPage,
  };
  app.get(`${REPO_PATH}/:kind{issues|pull}/:number{[0-9]+}/:tab?`, async (context) => {
    const game = await games.now();
    const { sandbox } = game.company;
    const number = Number(context.req.param("number"));
    const tab = context.req.param("tab");
    const kind = await kindOf(sandbox, number);
    if (kind === null) return context.notFound();
    if (kind === "issue" && tab !== undefined) return context.notFound();
    const wanted = kind === "issue" ? "issues" : "pull";
    if (context.req.param("kind") !== wanted) return context.redirect(`${REPO_PATH}/${wanted}/${number}`);
    const view = await around(context, game);
    if (kind === "issue")
      return context.html(issuePage(await readIssue(sandbox, number), labelsOf(sandbox), view));
    const pull = await readPull(sandbox, number);
    if (tab === undefined) return context.html(conversationPage(pull, labelsOf(sandbox), view));
    if (!Object.hasOwn(pullPages, tab)) return context.notFound();
    return context.html(pullPages[tab as keyof typeof pullPages](pull, view));
  });
  addDocs(app, games, root);
  addDiagram(app);
}

function addDocs(app: Hono, games: Games, root: string): void {
  app.get("/docs/:path{.*}?", async (context) => {
    const path = context.req.param("path") || "README.md";
    // Pages of the documentation, and nothing else of the disk.
    if (!/^(?:[\w-]+\/)*[\w-]+\.md$/.test(path)) return context.notFound();
    const text = await readFile(join(root, "docs", path), "utf8").catch(() => null);
    if (text === null) return context.notFound();
    return context.html(docsPage(path, text, await around(context, await games.now())));
  });
}

function addDiagram(app: Hono): void {
  app.get("/diagram", (context) => {
    context.header("content-security-policy", DIAGRAM_POLICY);
    return context.html(
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Diagram</title><body><script src="/assets/mermaid.js"></script><script src="/assets/diagram.js"></script></body></html>',
    );
  });
}
