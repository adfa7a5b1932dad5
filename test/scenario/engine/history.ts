import fc from "fast-check";
import { type Sandbox, SandboxError } from "../../../src/sandbox/index.ts";

/**
 * Random histories of what people do in a repository with two hotfixes, as data; and how they come about on
 * the sandbox.
 */

const PEOPLE = ["john", "rita", "jane"] as const;
const SLOTS = ["a", "b"] as const;
const LABELS = ["approved:engineering-manager", "severity:P0", "severity:P1", "hotfix"] as const;
const WORDS = [
  "/hotfix recheck",
  "/hotfix override scope it is needed now",
  "/hotfix help",
  "Looks good",
] as const;
const TITLES = ["HOTFIX: Fix it", "Fix it", "HOTFIX: Fix it again"] as const;
const BODIES = ["- [x] Tested", "- [ ] Tested", ""] as const;
const CONFIGS = [
  "as it was",
  "two approvals",
  "review after the merge",
  "scope only warns",
  "not valid",
] as const;
const COMMITS = ["good", "without impact", "P0", "unrelated files"] as const;

type Slot = (typeof SLOTS)[number];
type Person = (typeof PEOPLE)[number];

type Deed =
  | { readonly kind: "open"; readonly commit: (typeof COMMITS)[number] }
  | { readonly kind: "push" | "force-push"; readonly commit: (typeof COMMITS)[number] }
  | { readonly kind: "label" | "unlabel"; readonly label: (typeof LABELS)[number] }
  | { readonly kind: "review"; readonly state: "APPROVED" | "CHANGES_REQUESTED" }
  | { readonly kind: "comment"; readonly body: (typeof WORDS)[number] }
  | { readonly kind: "title"; readonly title: (typeof TITLES)[number] }
  | { readonly kind: "body"; readonly body: (typeof BODIES)[number] }
  | { readonly kind: "merge"; readonly method: "merge" | "squash" | "rebase"; readonly anyway: boolean }
  | { readonly kind: "configure"; readonly config: (typeof CONFIGS)[number] }
  | { readonly kind: "dismiss" | "close" | "reopen" | "revert" | "give-role" | "take-role" | "rename" };

export type Act = Deed & {
  readonly slot: Slot;
  readonly who: Person;
  /** All is quiet before the next one. */
  readonly quiet: boolean;
};

export interface History {
  readonly acts: readonly Act[];
  /** What becomes of deliveries, in turn: below 20 it is lost, below 40 doubled, below 50 tripled. */
  readonly fates: readonly number[];
  /** Deliveries come in groups of this size, the last first. */
  readonly reorder: number;
}

const anyOf = fc.constantFrom;
const kind = <K extends string>(name: K) => fc.constant(name);
const weighted = (weight: number, arbitrary: fc.Arbitrary<Deed>) => ({ weight, arbitrary });
const deed = fc.oneof(
  weighted(4, fc.record({ kind: kind("open"), commit: anyOf("good", "good", ...COMMITS) })),
  weighted(2, fc.record({ kind: anyOf("push", "force-push"), commit: anyOf(...COMMITS) })),
  weighted(3, fc.record({ kind: anyOf("label", "label", "unlabel"), label: anyOf(...LABELS) })),
  weighted(5, fc.record({ kind: kind("review"), state: anyOf("APPROVED", "APPROVED", "CHANGES_REQUESTED") })),
  weighted(1, fc.record({ kind: kind("comment"), body: anyOf(...WORDS) })),
  weighted(1, fc.record({ kind: kind("title"), title: anyOf(...TITLES) })),
  weighted(1, fc.record({ kind: kind("body"), body: anyOf(...BODIES) })),
  weighted(
    4,
    fc.record({ kind: kind("merge"), method: anyOf("merge", "squash", "rebase"), anyway: fc.boolean() }),
  ),
  weighted(1, fc.record({ kind: kind("configure"), config: anyOf(...CONFIGS) })),
  weighted(
    4,
    fc.record({ kind: anyOf("dismiss", "close", "reopen", "revert", "give-role", "take-role", "rename") }),
  ),
) as fc.Arbitrary<Deed>;

const act = fc
  .tuple(deed, anyOf(...SLOTS), anyOf(...PEOPLE), fc.boolean())
  .map(([one, slot, who, quiet]): Act => ({ ...one, slot, who, quiet }));

/** Both hotfixes are open before anything else happens, the second one in half of the histories. */
const OPENED: readonly Act[] = [{ kind: "open", commit: "good", slot: "a", who: "john", quiet: true }];

export const history: fc.Arbitrary<History> = fc
  .record({
    acts: fc.array(act, { minLength: 1, maxLength: 12 }),
    fates: fc.array(fc.nat(99), { minLength: 1, maxLength: 30 }),
    reorder: anyOf(1, 2, 3, 5),
  })
  .map((one) => ({ ...one, acts: [...OPENED, ...one.acts] }));

/** A repository in which a history comes about. */
export interface Place {
  readonly sandbox: Sandbox;
  readonly team: string;
  repo: string;
  readonly pulls: Map<Slot, number>;
  readonly rollbacks: number[];
  commits: number;
  valid: boolean;
}

const ORG = "kamiyo";

export function foundOrganization(sandbox: Sandbox): void {
  sandbox.createOrganization(ORG);
  for (const login of PEOPLE) sandbox.createUser(login);
  for (const login of PEOPLE) sandbox.addOrganizationMember(ORG, login);
}

export async function foundPlace(sandbox: Sandbox, number: number): Promise<Place> {
  const repo = `${ORG}/api-${number}`;
  const team = `managers-${number}`;
  sandbox.createTeam(ORG, team);
  await sandbox.addTeamMember(ORG, team, "jane");
  const files = Object.fromEntries(
    [...SLOTS, "x", "y", "z"].map((name) => [`src/${name}/${name}.py`, `${name} = 1\n`]),
  );
  await sandbox.createRepository(repo, {
    files: { ".github/hotfix.yml": configOf("as it was", team), ...files },
  });
  for (const login of ["john", "jane"]) sandbox.setPermission(repo, login, "write");
  sandbox.setPermission(repo, "rita", "admin");
  await sandbox.as("rita").createIssue(repo, { title: "Broken" });
  for (const name of [
    ...LABELS,
    "severity:P2",
    "severity:P3",
    "approved:on-call",
    "approved:cto",
    "post-mortem",
  ])
    await sandbox.as("rita").request("POST", `/repos/${repo}/labels`, { name });
  const place = { sandbox, team, repo, pulls: new Map(), rollbacks: [], commits: 0, valid: true };
  protect(place);
  return place;
}

function protect({ sandbox, repo }: Pick<Place, "sandbox" | "repo">): void {
  sandbox.protect(repo, "main", { requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }] });
}

function configOf(config: (typeof CONFIGS)[number], team: string): string {
  const roles = `version: 1\nroles:\n  engineering-manager: { teams: [${team}] }\n  on-call: { users: [jane] }\n`;
  if (config === "not valid") return `${roles}rulez: {}\n`;
  if (config === "two approvals") return `${roles}severities: { P1: { approvals: 2 } }\n`;
  if (config === "review after the merge") return `${roles}severities: { P1: { review: after-merge } }\n`;
  return config === "scope only warns" ? `${roles}rules: { scope: warn }\n` : roles;
}

function messageOf(commit: (typeof COMMITS)[number]): string {
  return `HOTFIX: Fix it

Fixes: #1
Severity: ${commit === "P0" ? "P0" : "P1"}
${commit === "without impact" ? "" : "Impact: Payments fail\n"}Root Cause: Wrong encoding
Solution: Encode
Tested: Local and staging
Approved-By: pending
Deployed-By: John`;
}

/** Carries the act out; what GitHub refuses changes nothing. */
export async function carryOutAct(place: Place, one: Act): Promise<void> {
  try {
    await does(place, one);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
  }
}

async function does(place: Place, one: Act): Promise<unknown> {
  const { sandbox, repo, pulls, team } = place;
  const person = sandbox.as(one.who);
  const number = pulls.get(one.slot);
  if (one.kind === "open") return number === undefined ? open(place, one.slot, one.commit) : undefined;
  if (one.kind === "configure") return configure(place, one.config);
  if (one.kind === "give-role") return sandbox.addTeamMember("kamiyo", team, "rita");
  if (one.kind === "take-role") return sandbox.removeTeamMember("kamiyo", team, "jane");
  if (one.kind === "rename") return rename(place);
  if (number === undefined) return;
  switch (one.kind) {
    case "push":
    case "force-push":
      return push(place, one.slot, one.commit, one.kind === "force-push");
    case "label":
      return person.addLabel(repo, number, one.label);
    case "unlabel":
      return person.removeLabel(repo, number, one.label);
    case "review":
      return person.review(repo, number, one.state);
    case "comment":
      return person.comment(repo, number, one.body);
    case "title":
      return person.editPullRequest(repo, number, { title: one.title });
    case "body":
      return person.editPullRequest(repo, number, { body: one.body });
    case "close":
    case "reopen":
      return person.editPullRequest(repo, number, { state: one.kind === "close" ? "closed" : "open" });
    case "dismiss":
      return dismiss(place, number);
    case "merge":
      return one.anyway
        ? sandbox.as("rita").merge(repo, number, one.method, { admin: true })
        : person.merge(repo, number, one.method);
    case "revert":
      return revert(place, number);
  }
}

async function push(
  { sandbox, repo, ...place }: Place,
  slot: Slot,
  commit: (typeof COMMITS)[number],
  anew: boolean,
): Promise<void> {
  const git = sandbox.git(repo);
  const branch = `hotfix/${slot}`;
  const from = anew ? undefined : git.head(branch);
  const author = sandbox.person("john");
  const count = `${place.commits}`;
  const more = ["x", "y", "z"].map((name) => [`src/${name}/${name}.py`, `${name} = "${slot}"\n`]);
  await git.commit(branch, {
    message: messageOf(commit),
    files: {
      [`src/${slot}/${slot}.py`]: `# HOTFIX: #1\n${slot} = ${count.length + 1}\n${`${slot} += ${count}\n`.repeat(4)}`,
      ...(commit === "unrelated files" ? Object.fromEntries(more) : {}),
    },
    author,
    committer: author,
    parents: [from ?? (git.head("main") as string)],
  });
  await git.push("john", branch, undefined, { force: true });
}

async function open(place: Place, slot: Slot, commit: (typeof COMMITS)[number]): Promise<void> {
  place.commits += 1;
  await push(place, slot, commit, true);
  const { number } = await place.sandbox.as("john").openPullRequest(place.repo, {
    head: `hotfix/${slot}`,
    title: "HOTFIX: Fix it",
    body: "- [x] Tested",
  });
  place.pulls.set(slot, number);
}

async function configure(place: Place, config: (typeof CONFIGS)[number]): Promise<void> {
  const { sandbox, repo, team } = place;
  sandbox.protect(repo, "main", null);
  const git = sandbox.git(repo);
  const author = sandbox.person("rita");
  await git.commit("main", {
    message: "Configure",
    files: { ".github/hotfix.yml": configOf(config, team) },
    author,
    committer: author,
    parents: [git.head("main") as string],
  });
  await git.push("rita", "main");
  protect(place);
  place.valid = config !== "not valid";
}

async function rename(place: Place): Promise<void> {
  const name = `${place.repo.split("/")[1]}r`;
  await place.sandbox.renameRepository(place.repo, "rita", name);
  place.repo = `kamiyo/${name}`;
}

async function dismiss({ sandbox, repo }: Place, number: number): Promise<void> {
  const reviews = (await sandbox.as("rita").request("GET", `/repos/${repo}/pulls/${number}/reviews`)) as {
    id: number;
    state: string;
  }[];
  const last = reviews.findLast(({ state }) => state === "APPROVED" || state === "CHANGES_REQUESTED");
  if (last) await sandbox.as("rita").dismissReview(repo, number, last.id, "Too early");
}

async function revert(place: Place, number: number): Promise<void> {
  const { sandbox, repo } = place;
  const { merged_at, merge_commit_sha: sha } = await sandbox.pullRequest(repo, number);
  if (!merged_at || !sha) return;
  const git = sandbox.git(repo);
  const branch = `revert-${number}-${place.rollbacks.length}`;
  const parents = git.log(sha)[0]?.parents.length ?? 1;
  try {
    await git.revert(branch, sha, {
      ...(parents > 1 ? { mainline: 1 } : {}),
      author: sandbox.person("john"),
    });
  } catch {
    // A conflict: nobody pushes that.
    return;
  }
  await git.push("john", branch);
  const title = `Revert "HOTFIX: Fix it"`;
  const opened = await sandbox.as("john").openPullRequest(repo, { head: branch, title, body: "" });
  place.rollbacks.push(opened.number);
}
