import type { RootContent } from "mdast";
import type { CommandName } from "../policy/command.ts";
import { table } from "./markdown.ts";
import { code } from "./neutralise.ts";

/** The comment commands, how they are written, and what they do. */
export const COMMAND_HELP: Record<CommandName, readonly [usage: string, does: string]> = {
  help: ["/hotfix help", "Lists these commands."],
  recheck: ["/hotfix recheck", "Looks at this pull request again at once."],
  override: [
    "/hotfix override <rule> <reason>",
    "Lets one rule pass, on record. For people in a role that may override, who did not work on this hotfix.",
  ],
  verified: ["/hotfix verified", "After the deployment: says that the fix works in production."],
  rollback: [
    "/hotfix rollback",
    "After the merge: answers with the exact commands that take the hotfix back.",
  ],
};

export function commandTable(): RootContent {
  return table(
    ["Comment", "What it does"],
    Object.values(COMMAND_HELP).map(([usage, does]) => [code(usage), does]),
  );
}
