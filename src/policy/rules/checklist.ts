import { visibleLines } from "../commit-message/visible-lines.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule } from "../rule.ts";

/** A task in a list, nested or quoted or not: `- [ ] …`, `* [x] …`, `1. [ ] …`. */
const TASK = /^[ \t>]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}\[([ \txX])\][ \t]+(\S.*)$/;

/** What the author promised to do before the merge is done. */
export const checklist: Rule<NoOptions> = {
  meta: {
    id: "checklist",
    title: "Checklist",
    rationale: "The list in the description is what is forgotten in a hurry.",
    level: "warn",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "Every task is ticked ({count})", mend: "" },
      "no-list": { found: "The description has no task list", mend: "" },
      open: {
        found: "Not ticked, {open} of {count}: {tasks}",
        mend: "Do them and tick them in the description; take out what does not apply.",
      },
    },
  },
  check({ snapshot }) {
    const tasks = visibleLines(snapshot.pullRequest.body, { code: false }).flatMap((line) => {
      const [, tick, text] = TASK.exec(line) ?? [];
      return tick === undefined || text === undefined ? [] : [{ done: /x/i.test(tick), text: text.trim() }];
    });
    const open = tasks.filter(({ done }) => !done).map(({ text }) => text);
    const count = tasks.length;
    if (count === 0) return finding("not-applicable", "no-list");
    if (open.length === 0) return finding("satisfied", "ok", { count });
    return finding("violated", "open", { open: open.length, count, tasks: open });
  },
};
