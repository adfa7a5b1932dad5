import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { defineConfig } from "vitepress";

/**
 * The documentation as a site: `npm run docs`. The pages are the files that people read on GitHub, so links that lead out of docs/ go there.
 */
const REPOSITORY = "https://github.com/hotfix-guard/hotfix-guard";
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

const page = (text, link) => ({ text, link: `/${link}` });
const rules = readFileSync(new URL("../rules/README.md", import.meta.url), "utf8").matchAll(/^\| \[`?([\w-]+)`?\]\(\1\.md\)/gm);

export default defineConfig({
  title: "Hotfix Guard",
  description: "A GitHub App that makes sure a hotfix follows your procedure, without costing a minute more than it must.",
  base: process.env.DOCS_BASE ?? "/",
  outDir: "../dist-docs",
  cacheDir: "../node_modules/.cache/vitepress",
  cleanUrls: true,
  lastUpdated: false,
  rewrites: { "README.md": "index.md", ":folder/README.md": ":folder/index.md" },
  markdown: { preConfig: (markdown) => markdown.core.ruler.push("outside", linksOutside) },
  themeConfig: {
    search: { provider: "local" },
    editLink: { pattern: `${REPOSITORY}/edit/main/docs/:path` },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    nav: [{ text: `v${version}`, link: `${REPOSITORY}/blob/main/CHANGELOG.md` }],
    outline: [2, 3],
    sidebar: [
      {
        text: "Start",
        items: [page("Getting started", "getting-started"), page("The playground", "playground"), page("Configuration", "configuration"), page("Rolling it out", "rollout"), page("The command line", "cli")],
      },
      {
        text: "With a hotfix in hand",
        items: [page("Troubleshooting", "troubleshooting"), page("Break glass: bypassing the gate", "break-glass"), page("The post-mortem", "post-mortem"), page("Reports and simulations", "reports")],
      },
      { text: "The rules", collapsed: true, items: [page("All rules", "rules/"), ...[...rules].map(([, id]) => page(id, `rules/${id}`))] },
      {
        text: "Running the server",
        items: [page("Operations", "operations"), page("Deployments behind the gate", "deployments"), page("Reliability", "reliability"), page("Performance and rate limits", "performance"), page("Upgrading", "upgrading")],
      },
      { text: "Trust", items: [page("Security model", "security"), page("Comparison", "comparison"), page("Architecture", "architecture"), page("Pictures", "images/")] },
    ],
  },
});

/** A link of a page to a file outside of docs/, as the address of that file on GitHub. */
function linksOutside({ tokens, env }) {
  for (const token of tokens.flatMap((one) => [one, ...(one.children ?? [])])) {
    const href = token.type === "link_open" ? token.attrGet("href") : null;
    if (href === null || /^(?:[a-z]+:|#|\/)/.test(href)) continue;
    const target = posix.join("docs", posix.dirname(env.relativePath ?? ""), href);
    if (!target.startsWith("docs/") || !/\.md(?:#|$)/.test(target)) token.attrSet("href", `${REPOSITORY}/blob/main/${target}`);
  }
}
