import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { notFound, refuse } from "./errors.ts";
import { Hooks } from "./hooks.ts";
import type {
  Actor,
  EventState,
  InstallationToken,
  IssueState,
  JsonObject,
  RepoState,
  TeamState,
  UserState,
  WorkflowRunState,
} from "./state.ts";
import type { Role, SandboxOptions } from "./types.ts";

const ranks: Record<string, number> = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

/** Of two in one process each has its own: apps that share a Redis are told from each other by it. */
let appIds = randomInt(100_000, 1_000_000);

/** Whether a role is at least another. */
export const atLeast = (role: string, wanted: string): boolean => (ranks[role] ?? 0) >= (ranks[wanted] ?? 9);

/**
 * Everything there is in one sandbox, and the rules that all parts share: who may see what, time, ids, one
 * change at a time.
 */
export class World {
  readonly folder: string;
  readonly options: SandboxOptions;
  readonly app: { id: number; slug: string; privateKey: string; publicKey: string; webhookSecret: string };
  readonly firstInstallation = randomInt(10_000_000, 100_000_000);
  readonly hooks: Hooks;
  url = "";
  readonly users = new Map<string, UserState>();
  readonly teams: TeamState[] = [];
  /** Organization to members, all lower-case logins. */
  readonly members = new Map<
    string,
    Map<string, { role: "member" | "admin"; state: "active" | "pending" }>
  >();
  readonly repos: RepoState[] = [];
  readonly tokens = new Map<string, InstallationToken>();
  readonly installations: { id: number; login: string }[] = [];
  #installed = 0;
  readonly runs: WorkflowRunState[] = [];
  readonly bot: UserState;
  staleMs = 0;
  searchLagMs = 0;
  #id = 1000;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #touched = new Set<IssueState>();
  readonly #history = new Map<IssueState, { at: number; copy: IssueState }[]>();

  constructor(folder: string, options: SandboxOptions, keys: { privateKey: string; publicKey: string }) {
    this.folder = folder;
    this.options = options;
    const webhookSecret = options.webhookSecret ?? randomBytes(16).toString("hex");
    this.app = { id: appIds++, slug: "hotfix-guard", webhookSecret, ...keys };
    this.hooks = new Hooks(this.app.id, webhookSecret, () => this.now(), options.webhookUrl);
    this.bot = this.addUser(`${this.app.slug}[bot]`, { type: "Bot", name: null, email: null });
  }

  id(): number {
    return ++this.#id;
  }

  /** Server time in whole seconds, as all of GitHub's timestamps are. */
  now(): string {
    return (this.options.clock?.() ?? new Date()).toISOString().replace(/\.\d+Z$/, "Z");
  }

  addUser(
    login: string,
    rest: { type: UserState["type"]; name: string | null; email: string | null },
  ): UserState {
    if (this.users.has(login.toLowerCase())) throw new Error(`sandbox: the account ${login} exists`);
    const user = {
      id: this.id(),
      login,
      token: `ghp_${randomBytes(18).toString("hex")}`,
      createdAt: this.now(),
      ...rest,
    };
    this.users.set(login.toLowerCase(), user);
    return user;
  }

  user(login: string | null | undefined): UserState | null {
    return login ? (this.users.get(login.toLowerCase()) ?? null) : null;
  }

  mustUser(login: string): UserState {
    const user = this.user(login);
    if (!user) throw new Error(`sandbox: no account ${login}; createUser first`);
    return user;
  }

  /** Name and e-mail of an account's commits. */
  person(login: string): { name: string; email: string } {
    const user = this.mustUser(login);
    return {
      name: user.name ?? user.login,
      email: user.email ?? `${user.id}+${user.login}@users.noreply.github.com`,
    };
  }

  repoById(id: number | null): RepoState | undefined {
    return id === null ? undefined : this.repos.find((repo) => repo.id === id);
  }

  find(fullName: string): RepoState | undefined {
    const wanted = fullName.toLowerCase();
    return this.repos.find((repo) => `${repo.owner}/${repo.name}`.toLowerCase() === wanted);
  }

  mustRepo(fullName: string): RepoState {
    const repo = this.find(fullName);
    if (!repo) throw new Error(`sandbox: no repository ${fullName}`);
    return repo;
  }

  repoFolder(id: number): string {
    return join(this.folder, `${id}.git`);
  }

  mustIssue(repo: RepoState, number: number): IssueState {
    const issue = repo.issues.get(number);
    if (!issue) throw notFound();
    if (issue.gone === "deleted") throw refuse(410, "This issue was deleted");
    return issue;
  }

  /** The installation on an account, made on the first use. */
  installation(login: string): { id: number; login: string } {
    let found = this.installations.find((one) => one.login.toLowerCase() === login.toLowerCase());
    if (!found) {
      found = { id: this.firstInstallation + this.#installed++, login };
      this.installations.push(found);
    }
    return found;
  }

  isOrganization(login: string): boolean {
    return this.user(login)?.type === "Organization";
  }

  isMember(org: string, login: string): boolean {
    return this.members.get(org.toLowerCase())?.get(login.toLowerCase())?.state === "active";
  }

  /** What somebody may do in a repository. */
  role(repo: RepoState, user: UserState | null): Role | "none" {
    if (user === this.bot) return "write";
    const open = repo.private ? "none" : "read";
    if (!user) return open;
    const login = user.login.toLowerCase();
    if (repo.owner.toLowerCase() === login) return "admin";
    const member = this.members.get(repo.owner.toLowerCase())?.get(login);
    if (member?.state === "active" && member.role === "admin") return "admin";
    const given = repo.permissions.get(login);
    if (given) return given;
    return member?.state === "active" ? "read" : open;
  }

  /** One change at a time; what it touched is remembered for stale reads. */
  mutate<T>(change: () => Promise<T> | T): Promise<T> {
    const result = this.#queue.then(change).finally(() => {
      if (this.staleMs > 0) for (const issue of this.#touched) this.#remember(issue);
      this.#touched.clear();
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #remember(issue: IssueState): void {
    const copies = this.#history.get(issue) ?? [];
    copies.push({ at: Date.now(), copy: structuredClone(issue) });
    this.#history.set(issue, copies);
  }

  touch(issue: IssueState, at = this.now()): void {
    issue.updatedAt = at;
    this.#touched.add(issue);
  }

  setStale(ms: number): void {
    if (ms > 0 && this.staleMs === 0) {
      this.#history.clear();
      for (const repo of this.repos)
        for (const issue of repo.issues.values())
          this.#history.set(issue, [{ at: 0, copy: structuredClone(issue) }]);
    }
    this.staleMs = ms;
  }

  /**
   * The issue as a reader finds it: as it was some time ago while reads are stale, undefined when it was not
   * there yet.
   */
  seen(issue: IssueState): IssueState | undefined {
    if (this.staleMs === 0) return issue;
    const then = Date.now() - this.staleMs;
    return this.#history.get(issue)?.findLast(({ at }) => at <= then)?.copy;
  }

  addEvent(
    issue: IssueState,
    event: string,
    actor: Actor,
    data: JsonObject = {},
    of?: number | string,
  ): EventState {
    const entry: EventState = {
      id: this.id(),
      event,
      actor: actor.user?.login ?? null,
      viaApp: actor.viaApp,
      at: this.now(),
      data,
      ...(of === undefined ? {} : { of }),
    };
    issue.events.push(entry);
    this.touch(issue);
    return entry;
  }
}
