import type { RootContent } from "mdast";
import { shellWord } from "../../policy/text/shell.ts";
import { bold, p } from "../text/markdown.ts";
import { code, codeBlock } from "../text/neutralize.ts";

/** What is to be rolled back, and how. */
export type RollbackPlan = Landed | Deployed;

/** It was only deployed: nothing landed. */
interface Deployed {
  readonly base: string;
  readonly sha: string;
  readonly how: { readonly kind: "deployment" };
}

interface Landed {
  readonly number: number;
  readonly base: string;
  /** The merge or squash commit; of a rebase, the newest commit. */
  readonly sha: string;
  /** `merge`: a commit with two parents. `rebase`: so many commits landed, one after another, up to `sha`. */
  readonly how:
    | { readonly kind: "merge" }
    | { readonly kind: "squash" }
    | { readonly kind: "rebase"; readonly commits: number };
}

const HEALTHY = "Then check that the service is healthy. The original issue is back: fix it in a new hotfix.";

/** A pull request, not a push: the rollback then needs one approval and nothing else. */
export function rollbackCommands(plan: RollbackPlan): RootContent[] {
  const { base, sha } = plan;
  if (!("number" in plan))
    return [
      p(
        "This was deployed and is not merged, so there is nothing to revert: redeploy ",
        code(base),
        " to roll production back.",
      ),
      p(HEALTHY),
    ];
  const { number, how } = plan;
  const revert =
    how.kind === "merge"
      ? `git revert --no-edit -m 1 ${sha}`
      : how.kind === "squash"
        ? `git revert --no-edit ${sha}`
        : `git revert --no-edit ${sha}~${how.commits}..${sha}`;
  const branch = `rollback/${number}`;
  const commands = [
    "git fetch origin",
    `git switch --create ${branch} ${shellWord(`origin/${base}`)}`,
    revert,
    `git push --set-upstream origin ${branch}`,
    `gh pr create --base ${shellWord(base)} --title ${shellWord(`Roll back #${number}`)} --body ${shellWord(`Reverts #${number}.`)}`,
  ];
  return [
    p(
      "Press ",
      bold("Revert"),
      ` on pull request #${number}, or run these commands. Either opens a pull request that needs one approval; no other rule applies.`,
    ),
    codeBlock(commands.join("\n"), "sh"),
    p(HEALTHY),
    p("In a hurry, and allowed to push to ", code(base), "? Revert directly:"),
    codeBlock(
      [
        `git switch ${shellWord(base)}`,
        `git pull --ff-only origin ${shellWord(base)}`,
        revert,
        `git push origin ${shellWord(base)}`,
      ].join("\n"),
      "sh",
    ),
  ];
}
