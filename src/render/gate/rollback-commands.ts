import type { RootContent } from "mdast";
import { directRollbackBlock, type Landed, rollbackBlock } from "../../policy/fix/rollback-block.ts";
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

const HEALTHY = "Then check that the service is healthy. The original issue is back: fix it in a new hotfix.";

/** A pull request, not a push: the rollback then needs one approval and nothing else. */
export function rollbackCommands(plan: RollbackPlan): RootContent[] {
  const { base } = plan;
  if (!("number" in plan))
    return [
      p(
        "This was deployed and is not merged, so there is nothing to revert: redeploy ",
        code(base),
        " to roll production back.",
      ),
      p(HEALTHY),
    ];
  return [
    p(
      "Press ",
      bold("Revert"),
      ` on pull request #${plan.number}, or run these commands. Either opens a pull request that needs one approval; no other rule applies.`,
    ),
    codeBlock(rollbackBlock(plan), "sh"),
    p(HEALTHY),
    p("In a hurry, and allowed to push to ", code(base), "? Revert directly:"),
    codeBlock(directRollbackBlock(plan), "sh"),
  ];
}
