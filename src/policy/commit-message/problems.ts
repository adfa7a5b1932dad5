import type { Policy } from "../policy.ts";
import type { Commit } from "../snapshot/change.ts";
import { withoutHotfix } from "../text/hotfix-prefix.ts";
import { oddCharacter } from "../text/look-alikes.ts";
import type { MessageData } from "../verdict.ts";
import { type HotfixCommit, REQUIRED_FIELDS } from "./fields.ts";
import { isDeploymentTitle, parseCommit, titleOf } from "./hotfix-commit.ts";
import { proposeTitle } from "./template.ts";

/** One thing that is wrong with the messages of a hotfix. */
export interface Problem {
  /** A reason code of the rule commit-message. */
  readonly code:
    | "title"
    | "title-character"
    | "pull-request-title"
    | "pull-request-title-character"
    | "fields"
    | "description-fields"
    | "fixup-commits"
    | "every-commit";
  /** A short sentence without its full stop, for a list of several. Holds foreign text. */
  readonly text: string;
  readonly data: MessageData;
}

/** What the message that the hotfix is held to lacks. */
export function messageProblems(
  { source, titleValid, missing, message }: HotfixCommit,
  policy: Policy,
): readonly Problem[] {
  const problems: Problem[] = [];
  const fromPullRequest = source.kind === "pull-request" ? source : { title: false, body: false };
  if (!titleValid) {
    const proposal = proposeTitle(message.title, policy) ?? policy.commit.title;
    const odd = oddCharacter(prefixOf(message.title));
    problems.push({
      code: `${fromPullRequest.title ? "pull-request-title" : "title"}${odd === null ? "" : "-character"}`,
      text:
        odd === null
          ? `Title "${message.title.slice(0, 100)}" should be "${proposal.slice(0, 100)}"`
          : `In the title "${message.title.slice(0, 100)}" ${odd}; write "${proposal.slice(0, 100)}"`,
      data: odd === null ? {} : { odd: [odd] },
    });
  }
  if (missing.length > 0) {
    const code = fromPullRequest.body ? "description-fields" : "fields";
    const list = missing.map((field) => (message.fields[field] ? `${field} (placeholder)` : field));
    const all = missing.length === REQUIRED_FIELDS.length;
    const text = `Missing: ${all ? `all ${missing.length} fields` : list.join(", ")}`;
    problems.push({ code, text, data: { missing: list } });
  }
  return problems;
}

/** The word that says hotfix, with what belongs to it. */
function prefixOf(title: string): string {
  const rest = withoutHotfix(title);
  return title.endsWith(rest) ? title.slice(0, title.length - rest.length) : "";
}

/**
 * What is wrong with the commits that will land: fixups left, and under `require_in: every` the other
 * incomplete ones.
 */
export function historyProblems(
  landing: readonly Commit[],
  { source }: HotfixCommit,
  policy: Policy,
): readonly Problem[] {
  const problem = (code: Problem["code"], words: string, commits: readonly string[]): readonly Problem[] =>
    commits.length === 0 ? [] : [{ code, text: `${words}: ${commits.join(", ")}`, data: { commits } }];
  const isFixup = (one: Commit): boolean => /^(?:fixup|squash|amend)!/i.test(titleOf(one));
  const incomplete =
    policy.commit.require_in === "one"
      ? []
      : landing.filter((one) => {
          if (isFixup(one) || (source.kind === "commit" && source.sha === one.sha)) return false;
          const { parsed, missing } = parseCommit(one);
          return !isDeploymentTitle(parsed.title, policy) || missing.length > 0;
        });
  return [
    ...problem("fixup-commits", "Not squashed yet", landing.filter(isFixup).map(nameOf)),
    ...problem("every-commit", "Incomplete", incomplete.map(nameOf)),
  ];
}

/** The commits, by short name and title, whose title is not that of a deployment. */
export function otherTitles(landing: readonly Commit[], policy: Policy): readonly string[] {
  return landing.filter((one) => !isDeploymentTitle(titleOf(one), policy)).map(nameOf);
}

function nameOf(commit: Commit): string {
  return `${commit.sha.slice(0, 7)} ${titleOf(commit).slice(0, 100)}`;
}
