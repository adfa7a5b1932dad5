import { describe, expect, it } from "vitest";
import { runExample } from "../../support/example.ts";

const find = (...lines: string[]) => runExample("checklist", { body: lines.join("\n") });

describe("checklist", () => {
  it.each([
    "- [ ] a",
    "* [ ] a",
    "+ [ ] a",
    "1. [ ] a",
    "2) [ ] a",
    "    - [ ] a",
    "\t- [ ] a",
    "> - [ ] a",
    "-   [ ] a",
    "- [ ] a\r",
  ])("%j is open", (line) => {
    expect(find("- [x] done", line)).toMatchObject({
      state: "violated",
      code: "open",
      data: { open: 1, count: 2, tasks: ["a"] },
    });
  });

  it.each(["- [x] a", "- [X] a", "* [x] a", "1. [x] a"])("%j is ticked", (line) => {
    expect(find(line)).toMatchObject({ state: "satisfied", code: "ok", data: { count: 1 } });
  });

  it.each([
    "",
    "no list",
    "- a",
    "[ ] a",
    "- [ ]",
    "- [] a",
    "- [y] a",
    "- [ ](https://x)",
    "-[ ] a",
    "`- [ ] a`",
    "```\n- [ ] a\n```",
    "~~~md\n- [ ] a\n~~~",
    "<!-- - [ ] a -->",
    "<!--\n- [ ] a\n-->",
  ])("%j is no task", (body) => {
    expect(find(body)).toMatchObject({ state: "not-applicable", code: "no-list" });
  });

  it.each([
    "- [ ] ~~Deploy to staging~~",
    "- [ ] ~~**Deploy** to staging~~.",
    "- [ ] <del>Deploy</del>",
    "- [ ] N/A",
    "- [ ] N/A: no schema change",
    "- [ ] Migration tested (N/A)",
    "- [ ] Migration tested – n/a",
    "- [ ] Not applicable: backend only",
    "- [ ] Entfällt",
    "- [ ] Entfällt – nur Backend",
    "- [ ] Migration: sans objet",
    "- [ ] No aplica",
    "- [ ] Миграция: не применимо",
    "- [ ] 該当なし",
    "- [ ] 数据迁移（不适用）",
    "- [ ] Optional: update the docs",
    "- [ ] (optional) update the docs",
    "- [ ] Update the docs [optional]",
    "- [ ] **Optional** – update the docs",
    "- [ ] Facultatif : la documentation",
    "- [ ] ドキュメント（任意）",
    "- [ ] Screenshots (if applicable)",
    "- [ ] <!-- rebase-check -->If you want to rebase/retry this PR, check this box",
    "- [ ] If you want to rebase/retry this PR, check this box",
    '- [ ] <!-- {"checkboxId": "07f1e7d6"} --> 📝 Generate docstrings',
    "- [ ] <!-- retry-branch=renovate/x -->x",
  ])("%j has not to be ticked", (line) => {
    expect(find(line)).toMatchObject({ state: "not-applicable", code: "no-list" });
    expect(find("- [x] done", line)).toMatchObject({ state: "satisfied", data: { count: 1 } });
  });

  it.each([
    "Optional parameters tested",
    "N/A values are shown as a dash",
    "~~Old~~ new step",
    "Not needed queries removed",
    "Options documented",
    "<!-- what did you do? --> Tested on staging",
    "Разобраться с опционально",
  ])("%j is open", (text) => {
    expect(find(`- [ ] ${text}`)).toMatchObject({ state: "violated", data: { open: 1 } });
  });

  it("reads 1 MB in linear time", () => {
    const started = performance.now();
    for (const piece of ["- [ ] a\n", ">", " ", "- [", "1", "- [ ] <!--", "- [ ] ~~", "- [ ] N/A "])
      find(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
