import { entryOf } from "../actions/queue.ts";
import { refuse } from "../errors.ts";
import { type Call, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import type { JsonObject, RepoState } from "../state.ts";

/**
 * Of GraphQL, how a repository merges, where a pull request stands in the merge queue, who is in an
 * organization's teams, and nothing else.
 */
export function graphqlRoutes(router: Router): void {
  router.on("POST /api/graphql", (call) => {
    const { query = "", variables = {} } = call.body as { query?: string; variables?: Variables };
    if (query.includes("organization(login: $login)")) return teamsOf(call, String(variables.login));
    const asks = ASKED.find(({ sign }) => query.includes(sign));
    if (asks === undefined) throw refuse(400, "Not modelled");
    const repo = call.world.find(`${variables.owner}/${variables.name}`);
    if (!repo)
      return ok({ data: { repository: null }, errors: [{ type: "NOT_FOUND", message: "Not found" }] });
    call.need(repo, { app: "metadata:read" });
    return ok({ data: { repository: asks.answer(repo, variables) } });
  });
}

type Variables = Readonly<Record<string, string | number>>;

const ASKED: readonly {
  readonly sign: string;
  answer(repo: RepoState, variables: Variables): JsonObject;
}[] = [
  {
    sign: "squashMergeAllowed",
    answer: (repo) => ({
      mergeCommitAllowed: repo.methods.includes("merge"),
      squashMergeAllowed: repo.methods.includes("squash"),
      rebaseMergeAllowed: repo.methods.includes("rebase"),
      squashMergeCommitTitle: repo.squashTitle,
      squashMergeCommitMessage: repo.squashMessage,
    }),
  },
  {
    sign: "mergeQueueEntry",
    answer: (repo, { number }) => ({ pullRequest: { mergeQueueEntry: entryOf(repo, Number(number)) } }),
  },
];

/** The teams of an organization with their members, for those who may see them. */
function teamsOf(call: Call, login: string) {
  const { world, caller } = call;
  const mine =
    caller.kind === "installation"
      ? world.installations.find(({ id }) => id === caller.token.installation)?.login.toLowerCase() ===
          login.toLowerCase() && caller.token.permissions.members !== undefined
      : caller.kind === "user" && world.isMember(login.toLowerCase(), caller.user.login);
  if (!world.isOrganization(login.toLowerCase()) || !mine)
    return ok({ data: { organization: null }, errors: [{ type: "NOT_FOUND", message: "Not found" }] });
  const teams = world.teams.filter(({ org }) => org === login.toLowerCase());
  const nodes = teams.map(({ slug, members }) => ({
    slug,
    members: {
      nodes: [...members]
        .filter(([, state]) => state === "active")
        .map(([member]) => ({ login: world.user(member)?.login ?? member })),
    },
  }));
  return ok({ data: { organization: { teams: { nodes } } } });
}
