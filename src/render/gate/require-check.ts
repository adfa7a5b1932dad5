import type { RootContent } from "mdast";
import { gateRuleset } from "../../policy/branch-rules.ts";
import { isGateNotice } from "../../policy/notices.ts";
import type { MessageData, Verdict } from "../../policy/verdict.ts";
import { details, p } from "../text/markdown.ts";
import { codeBlock } from "../text/neutralize.ts";

/**
 * How an administrator makes the check a gate, folded; nothing where it is one, or nobody could read that.
 */
export function requireCheckSection(notices: Verdict["notices"]): RootContent[] {
  const notice = notices.find(({ code }) => isGateNotice(code));
  if (notice === undefined) return [];
  return details("Require the check (administrators)", [
    p("Run this once, or do the same under Settings → Rules → Rulesets:"),
    codeBlock(requireCheckCommand(notice.data), "sh"),
  ]);
}

/** A ruleset beside the ones that are there: it requires the check from this app alone. */
function requireCheckCommand({ repository, base, app }: MessageData): string {
  return [
    `gh api repos/${repository}/rulesets --input - <<'JSON'`,
    JSON.stringify(gateRuleset(String(base), Number(app)), null, 2),
    "JSON",
  ].join("\n");
}
