import type { Action } from "../../policy/action.ts";
import { POST_MORTEM_OVERDUE_LABEL, ROLLED_BACK_LABEL } from "../../policy/labels.ts";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import { firstThatCounts } from "../../policy/post-mortem/commands.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { completeText, laterText } from "../../render/gate/announcement.ts";
import { answerMarker } from "../../render/gate/answers.ts";
import type { Announcement } from "../plan.ts";
import type { PostMortemInput } from "./input.ts";

/** It was rolled back, or its post-mortem is overdue: told by whoever sets the label. */
export function labelAnnouncements(
  { title, url }: PostMortemIssue,
  due: string,
  actions: readonly Action[],
): readonly Announcement[] {
  const kinds = { [ROLLED_BACK_LABEL]: "rolled-back", [POST_MORTEM_OVERDUE_LABEL]: "overdue" } as const;
  return actions.flatMap((action) => {
    const kind = action.type === "add-label" ? kinds[action.label as keyof typeof kinds] : undefined;
    return kind === undefined ? [] : [{ text: laterText(kind, { title, url, due }), ifNew: action }];
  });
}

/** It was verified, or its rollback asked for: told by whoever answers the first such command. */
export function answerAnnouncements(
  { incident, commands, after, issue }: PostMortemInput,
  due: string,
  actions: readonly Action[],
): readonly Announcement[] {
  if (incident === null) return [];
  const postMortem = { title: issue.title, url: issue.url, due };
  const answerTo = (kind: "verified" | "rollback") => {
    const command = firstThatCounts(commands, kind);
    const answer = actions.find(
      (action) =>
        command !== null &&
        action.type === "post-answer" &&
        action.marker === answerMarker(command.comment.id),
    );
    return command === null || answer === undefined ? null : { command, answer };
  };
  const verified = answerTo("verified");
  const rollback = answerTo("rollback");
  const later = after?.deployed.known ? (after.deployed.value?.at ?? null) : null;
  return [
    ...(verified === null
      ? []
      : [
          {
            text: completeText(incident.snapshot, incident.verdict, incident.policy, {
              verifiedAt: verified.command.comment.createdAt,
              deployedAt: earlyOf(incident.snapshot)?.at ?? later,
              postMortem,
            }),
            ifNew: verified.answer,
          },
        ]),
    ...(rollback === null ? [] : [{ text: laterText("rollback-asked", postMortem), ifNew: rollback.answer }]),
  ];
}
