import type { Html, PhrasingContent } from "mdast";
import type { RolePolicy } from "../../policy/policy.ts";

/**
 * The one place where the app calls people by name. Logins and teams come from the configuration and from
 * GitHub's own lists, never from a text: who is called is decided by whoever may change the default branch.
 */

const LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const TEAM = /^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/;

/** `@login`; `null`: that is no login. */
export function mentionPerson(login: string): Html | null {
  return LOGIN.test(login) ? mention(login) : null;
}

/**
 * `@org/team` of a team as the configuration writes it: a slug of the owner's, or `org/slug`. `null`: that is
 * none.
 */
export function mentionTeam(team: string, owner: string): Html | null {
  const whole = team.includes("/") ? team : `${owner}/${team}`;
  return TEAM.test(whole) ? mention(whole) : null;
}

/**
 * Everybody whom the role names, the teams first. Empty: the role is known by a permission only, and there is
 * nobody to call.
 */
export function mentionsOf(
  { teams, users }: Pick<RolePolicy, "teams" | "users">,
  owner: string,
): readonly PhrasingContent[] {
  return [
    ...teams.map((team) => mentionTeam(team, owner)),
    ...users.map((login) => mentionPerson(login)),
  ].filter((node) => node !== null);
}

function mention(name: string): Html {
  // As HTML, so that nothing is escaped: the name is checked.
  return { type: "html", value: `@${name}` };
}
