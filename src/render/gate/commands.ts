import type { RootContent } from "mdast";
import type { CommandName } from "../../policy/command.ts";
import { type Inline, inline, listed, table } from "../text/markdown.ts";
import { code } from "../text/neutralise.ts";

/** The comment commands, how they are written, and what they do. */
export const COMMAND_HELP: Record<CommandName, readonly [usage: string, does: string]> = {
  help: ["/hotfix help", "Lists these commands."],
  recheck: ["/hotfix recheck", "Looks at this pull request again at once."],
  override: [
    "/hotfix override <rule> <reason>",
    "Lets one rule pass, on record. For somebody with the right role, who did not work on this hotfix.",
  ],
  verified: ["/hotfix verified", "After the deployment: says that the fix works in production."],
  rollback: [
    "/hotfix rollback",
    "After the merge: answers with the exact commands that take the hotfix back.",
  ],
};

/** `roles`: those whose holders may override, where they are known. */
export function commandTable(roles: readonly string[] = []): RootContent {
  const override: Inline = inline(
    "Lets one rule pass, on record. For holders of ",
    listed(
      roles.map((role) => code(role)),
      "or",
    ),
    " who did not work on this hotfix.",
  );
  return table(
    ["Comment", "What it does"],
    Object.entries(COMMAND_HELP).map(([name, [usage, does]]) => [
      code(usage),
      name === "override" && roles.length > 0 ? override : does,
    ]),
  );
}
