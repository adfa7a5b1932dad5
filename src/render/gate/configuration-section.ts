import type { RootContent } from "mdast";
import type { ConfigProblem, ProposedConfig } from "../../policy/verdict.ts";
import { count, heading, p, table } from "../text/markdown.ts";
import { code, prose } from "../text/neutralize.ts";

/** Problems of a configuration, one row each. */
export function problemTable(problems: readonly ConfigProblem[]): RootContent {
  return table(
    ["Where", "Key", "Problem", "Fix"],
    problems.map(({ file, line, column, key, message, fix }) => [
      code([file, line, column].filter((part) => part !== null).join(":")),
      key === "" ? "(the file)" : code(key),
      prose(message),
      prose(fix),
    ]),
  );
}

/** Is the configuration that the pull request proposes valid? */
export function proposedSection({ problems, warnings = [], unread, alone }: ProposedConfig): RootContent[] {
  const title = heading(3, "The configuration in this pull request");
  if (unread === true) {
    return [
      title,
      p(
        "Not validated: its author has no write access. Someone with write access can run ",
        code("hotfix-guard validate"),
        " on it, or push it to a branch here. It takes effect once it is on the default branch.",
      ),
    ];
  }
  if (problems.length > 0) {
    return [
      title,
      p("❌ Invalid. Fix it before merging: on the default branch it would block every pull request."),
      problemTable(problems),
    ];
  }
  const valid = "It takes effect once it is on the default branch.";
  if (warnings.length > 0)
    return [title, p(`⚠️ Valid, with ${count(warnings.length, "warning")}. ${valid}`), problemTable(warnings)];
  return alone === true
    ? [
        title,
        p(
          "✅ Valid by itself. What ",
          code("extends"),
          ` names was not read, since the default branch extends another file or none: it is read after the merge. ${valid}`,
        ),
      ]
    : [title, p(`✅ Valid. ${valid}`)];
}
