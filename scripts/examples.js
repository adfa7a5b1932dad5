// Puts what is rendered (the goldens of the tests) into the pages that show it. test/docs.test.ts holds that
// they are the same.
import { readFileSync, writeFileSync } from "node:fs";

const golden = (name) => readFileSync(`test/render/__golden__/${name}.md`, "utf8");

/** Replaces the example that begins with this text. */
function show(page, start, text) {
  const before = readFileSync(page, "utf8");
  const fence = "~~~markdown\n";
  const from = before.indexOf(fence + start) + fence.length;
  const to = before.indexOf("\n~~~", from);
  if (from < fence.length || to < 0) throw new Error(`${page} has no example that begins with: ${start}`);
  writeFileSync(page, before.slice(0, from) + text.trim() + before.slice(to));
}

const postMortem = golden("post-mortem-ready").split("\n").slice(4).join("\n");
show("docs/post-mortem.md", "", postMortem.replace(/^<!--.*-->\n+/gm, ""));
const deployments = golden("deployment").split(/^# .*\n/m);
show("docs/deployments.md", "", deployments.find((text) => text.includes("Waiting for 1 approval")) ?? "");
