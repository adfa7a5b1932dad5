import { visibleLines } from "../commit-message/visible-lines.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule } from "../rule.ts";

/** A task in a list, nested or quoted or not: `- [ ] …`, `* [x] …`, `1. [ ] …`. */
const TASK = /^[ \t>]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}\[([ \txX])\][ \t]+(\S.*)$/;

const LONGEST = 1_000;

/** What nobody has to tick: struck through, not applicable, optional. */
const PASSED_OVER: readonly RegExp[] = [
  /^(?:~~.*~~|<(?:del|s|strike)>.*<\/(?:del|s|strike)>)[.;,]?$/isu,
  /^[^\p{L}\p{N}]{0,9}(?:n ?\/ ?a|n\.a\.|not applicable|not needed|not required|entfällt|nicht zutreffend|sans objet|non applicable|no aplica|no procede|não se aplica|não aplicável|non applicabile|nie dotyczy|не применимо|неприменимо|не требуется|不適用|不适用|該当なし|対象外|해당 ?없음)(?=\s*(?:[^\p{L}\p{N}\s]|$))/iu,
  /(?:^|[^\p{L}\p{N}])(?:n ?\/ ?a|n\.a\.|not applicable|entfällt|sans objet|no aplica|não se aplica|не применимо|不適用|不适用|該当なし|対象外|해당 ?없음)[^\p{L}\p{N}]{0,9}$/iu,
  /^[^\p{L}\p{N}]{0,9}(?:optional(?:ly)?|optionnel|facultatif|opcional|opzionale|facultatief|опционально|по желанию|可选|任意|선택)(?=\s*(?:[^\p{L}\p{N}\s]|$))/iu,
  /[[({（【](?:optional(?:ly)?|optionnel|facultatif|opcional|opzionale|facultatief|optioneel|опционально|по желанию|可选|任意|선택|if applicable|where applicable|falls zutreffend|nice to have)[\])}）】]/iu,
];
/**
 * A hidden name or JSON right behind the box is a bot's (Renovate, CodeRabbit), which reads the box as a
 * command.
 */
const BOT_BOX =
  /^[ \t>]{0,40}(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}\[[ \t]\][ \t]{0,4}<!--\s{0,9}(?:\{[^}]{0,300}\}|[^\s>]{1,100})\s{0,9}-->/;
/** Such boxes of bots that hide nothing. */
const BOT_TEXT =
  /^[^\p{L}\p{N}]{0,9}(?:if you want to (?:rebase|retry)|rebase\/retry|retry all|create all rate-limited|check this box to|click (?:here|on this checkbox) to|@?dependabot |@?coderabbitai)/iu;

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
      ok: { found: "All {count} tasks done", fix: "" },
      "no-list": { found: "No task list in the description", fix: "" },
      open: {
        found: "{open} of {count} tasks not done: {tasks}",
        fix: "Do and tick them in the description, or remove what does not apply.",
      },
    },
  },
  check({ snapshot }) {
    const body = snapshot.pullRequest.body.split(/\r\n|\r|\n/);
    const forPeople = body.filter((line) => !BOT_BOX.test(line)).join("\n");
    const tasks = visibleLines(forPeople, { code: false }).flatMap((line) => {
      const [, tick, text] = TASK.exec(line) ?? [];
      if (tick === undefined || text === undefined) return [];
      const done = /x/i.test(tick);
      return !done && isPassedOver(text.trim()) ? [] : [{ done, text: text.trim() }];
    });
    const open = tasks.filter(({ done }) => !done).map(({ text }) => text);
    const count = tasks.length;
    if (count === 0) return finding("not-applicable", "no-list");
    if (open.length === 0) return finding("satisfied", "ok", { count });
    return finding("violated", "open", { open: open.length, count, tasks: open });
  },
};

function isPassedOver(text: string): boolean {
  const start = text.slice(0, LONGEST);
  return BOT_TEXT.test(start) || PASSED_OVER.some((one) => one.test(start));
}
