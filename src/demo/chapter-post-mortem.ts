import pc from "picocolors";
import type { Sandbox } from "../sandbox/index.ts";
import type { DemoClock } from "./clock.ts";
import { postMortemOf, saidOn } from "./issues.ts";
import { asJohnWritesIt } from "./johns-words.ts";
import { INCIDENT, JOHN, REPO } from "./kamiyo.ts";
import { showMarkdown, showParts } from "./markdown.ts";
import { chapter, step, tell } from "./terminal.ts";
import { until } from "./watch.ts";

/** The post-mortem of a merged hotfix: opened, reminded of, reopened, and closed for good. */
export async function tellPostMortem(
  sandbox: Sandbox,
  clock: DemoClock,
  sweep: () => Promise<void>,
  number: number,
): Promise<void> {
  const john = sandbox.as(JOHN);

  const openedAt = Date.parse((await sandbox.issue(REPO, INCIDENT)).created_at);
  const mergedAt = clock.now().getTime();

  chapter("After the merge");
  step(8, "The post-mortem is open before anybody can forget it, with all that is known filled in");
  const { number: issue, title, labels, assignees, body } = await postMortemOf(sandbox, REPO, `(#${number})`);
  const bodyOf = async () => (await sandbox.issue(REPO, issue)).body ?? "";
  const names = labels.map((label) => (typeof label === "string" ? label : label.name)).join(", ");
  tell(pc.bold(`#${issue} ${title}`));
  tell(pc.dim(`${names} · assigned to ${assignees?.map(({ login }) => login).join(", ")}`));
  showParts(body, ["", "Incident Summary", "Timeline"]);

  step(9, "20 hours later nobody has written it: four hours are left, and the app sends a reminder");
  tell(
    pc.dim(
      "The clock of this GitHub is put forward; then the sweep looks again, as a server does every minute.",
    ),
  );
  clock.forward(20 * 60 + 5);
  await sweep();
  showMarkdown(await saidOn(sandbox, REPO, issue, "Due in"));

  step(10, "John closes it as it is: it is reopened, with the list of what is missing");
  await john.closeIssue(REPO, issue);
  showMarkdown(await saidOn(sandbox, REPO, issue, "Reopened"));
  await state(sandbox, issue, "open");

  step(11, "He writes what is missing and closes it: the pull request gets its last word");
  await john.editIssue(REPO, issue, {
    body: asJohnWritesIt(await bodyOf(), { openedAt, mergedAt, today: clock.now().getTime() }),
  });
  showParts(await bodyOf(), ["Root Cause", "Action Items"], { brief: true });
  await john.closeIssue(REPO, issue);
  tell(pc.dim("The app's comment on the pull request:"));
  showMarkdown(await saidOn(sandbox, REPO, number, "is complete"));
  await state(sandbox, issue, "closed");
}

function state(sandbox: Sandbox, issue: number, wanted: "open" | "closed"): Promise<true> {
  return until(`the post-mortem is ${wanted}`, async () =>
    (await sandbox.issue(REPO, issue)).state === wanted ? true : null,
  );
}
