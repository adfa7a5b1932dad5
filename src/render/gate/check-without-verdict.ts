import type { DesiredCheck } from "../../policy/action.ts";
import { ghRepository } from "../../policy/fix/pull-request-commands.ts";
import type { EarlyDeployment } from "../../policy/snapshot.ts";
import { shellWord } from "../../policy/text/shell.ts";
import { compareUrl } from "../../policy/text/web-address.ts";
import { link, list, p } from "../text/markdown.ts";
import { code, codeBlock, prose } from "../text/neutralize.ts";
import { earlyNote } from "./deployed-early.ts";
import { type CheckContext, desired } from "./desired-check.ts";
import { unreadStep, unreadTitle } from "./next-step.ts";

/**
 * A hotfix branch that no pull request is open for. It never passes: a commit with passed checks could be
 * pushed directly.
 */
export function renderBranchCheck(
  branch: {
    readonly name: string;
    readonly base: string;
    readonly repositoryUrl: string;
    readonly early?: EarlyDeployment | null;
  },
  context: CheckContext,
): DesiredCheck {
  const { name, base, repositoryUrl, early } = branch;
  const compare = compareUrl(repositoryUrl, base, name);
  return desired(
    { conclusion: "action_required", title: "Open a pull request" },
    [
      ...(early ? [earlyNote(early, base)] : []),
      p(
        link(compare, "Open a pull request"),
        " from ",
        code(name),
        " to ",
        code(base),
        ". Anyone who can push can do it. Hotfixes are checked and approved there, not on the branch alone.",
      ),
      codeBlock(
        `gh pr create ${ghRepository(repositoryUrl)} --base ${shellWord(base)} --head ${shellWord(name)}`,
        "sh",
      ),
    ],
    context,
  );
}

/**
 * What could not be read kept the app from any verdict: `in_progress` while it tries again, `failure` once it
 * has stopped.
 */
export function renderUnreadable(what: readonly string[], context: CheckContext): DesiredCheck {
  const givenUp = context.givenUp === true;
  const { waysOut = [] } = context;
  return desired(
    { conclusion: givenUp ? "failure" : null, title: unreadTitle(what, givenUp, waysOut.length > 0) },
    [
      p(waysOut.length > 0 ? `To go on, ${waysOut.join(", and ")}.` : unreadStep(givenUp)),
      p(givenUp ? "What could not be read:" : "Retrying:"),
      list(what.map((reason) => [prose(reason)])),
    ],
    context,
  );
}
