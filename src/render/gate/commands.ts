import type { RootContent } from "mdast";
import type { CommandName } from "../../policy/command.ts";
import { type Inline, inline, listed, table } from "../text/markdown.ts";
import { code } from "../text/neutralize.ts";

/** The comment commands, how they are written, and what they do. */
export const COMMAND_HELP: Record<CommandName, readonly [usage: string, does: string]> = {
  help: ["/hotfix help", "Lists these commands."],
  recheck: ["/hotfix recheck", "Re-runs the check."],
  override: [
    "/hotfix override <rule> <reason>",
    "Overrides one rule (logged). For a role that may override, held by someone who didn't work on this hotfix.",
  ],
  verified: ["/hotfix verified", "After the deployment: confirms that the fix works in production."],
  rollback: ["/hotfix rollback", "After the merge: shows the exact commands to roll back."],
  unfreeze: [
    "/hotfix unfreeze <reason>",
    "Ends the freeze of the base branch (logged). For a role that may override.",
  ],
};

/**
 * `roles`: those whose holders may override, where they are known. `freezes`: the configuration has a freeze,
 * which can be ended.
 */
export function commandTable(roles: readonly string[] = [], freezes = false): RootContent {
  const override: Inline = inline(
    "Overrides one rule (logged). For holders of ",
    listed(
      roles.map((role) => code(role)),
      "or",
    ),
    " who didn't work on this hotfix.",
  );
  return table(
    ["Comment", "What it does"],
    Object.entries(COMMAND_HELP)
      .filter(([name]) => freezes || name !== "unfreeze")
      .map(([name, [usage, does]]) => [
        code(usage),
        name === "override" && roles.length > 0 ? override : does,
      ]),
  );
}
