import { gitIn, LocalError } from "../local/git.ts";
import { type Started, startHotfix } from "../local/start.ts";
import type { Output } from "./output.ts";

/** The options of `hotfix-guard start`, as typed; `start` of `local/` checks them. */
export interface StartCommandOptions {
  readonly issue?: string;
  readonly severity?: string;
  readonly base?: string;
  readonly offline?: boolean;
  readonly template?: boolean;
}

/**
 * `hotfix-guard start`: a branch from the latest base, and a commit template. Exit status 2: nothing was
 * made.
 */
export async function startCommand(
  description: string,
  { issue, severity, base, offline = false, template = false }: StartCommandOptions,
  out: Output,
): Promise<number> {
  try {
    const started = await startHotfix(gitIn(process.cwd()), {
      description,
      issue: issue ?? null,
      severity: severity ?? null,
      base: base ?? null,
      offline,
      template,
    });
    out.stdout(next(started));
    return 0;
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    out.stderr(`${error.message}\n`);
    return 2;
  }
}

function next({
  branch,
  base,
  pushRemote,
  template,
  templateSet,
  severity,
  respondWithin,
  notes,
}: Started): string {
  const target = respondWithin === null ? "" : `, merge within ${duration(respondWithin)}`;
  const commit = templateSet ? "git commit" : `git commit -t '${template.replaceAll("'", "'\\''")}'`;
  return `On ${branch}, from ${base.revision} (${base.sha.slice(0, 7)})${severity === null ? "" : `; ${severity}${target}`}.
${notes.map((note) => `! ${note}\n`).join("")}
Next:
  1. Make the smallest change that fixes it, with a comment that says HOTFIX and the issue.
  2. git add --update && ${commit}
  3. hotfix-guard check
  4. git push --set-upstream ${pushRemote} ${branch}, and open a pull request to ${base.ref}
`;
}

function duration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
