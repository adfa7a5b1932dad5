import { setTimeout as pause } from "node:timers/promises";
import type { CheckRunJson, Failure, Sandbox } from "../../src/sandbox/index.ts";

export interface Fault extends Failure {
  readonly name: string;
}

/** What every endpoint may answer. */
export const FAULTS: readonly Fault[] = [
  { name: "401", status: 401, body: { message: "Bad credentials" } },
  { name: "403", status: 403, body: { message: "Resource not accessible by integration" } },
  { name: "404", status: 404, body: { message: "Not Found" } },
  { name: "409", status: 409, body: { message: "Conflict" } },
  { name: "422", status: 422, body: { message: "Validation Failed" } },
  {
    name: "429",
    status: 429,
    headers: { "retry-after": "30" },
    body: { message: "You have exceeded a secondary rate limit" },
  },
  { name: "500", status: 500 },
  { name: "502", status: 502, body: "<html>Bad gateway</html>" },
  { name: "no answer", hang: true },
  { name: "half an answer", truncate: true },
];

/** One thing that is wrong with a hotfix which is fine otherwise. */
export type Flaw =
  | "own approval"
  | "unrelated files"
  | "approver not in the team"
  | "no issue"
  | "two approvals wanted"
  | "reviewer without write access"
  | "sibling to another base";

const MESSAGE = `HOTFIX: Fix the signature

Fixes: #1
Severity: P1
Impact: Payments fail
Root Cause: Wrong encoding
Solution: Encode
Tested: Local and staging
Approved-By: pending
Deployed-By: Joe`;

export const PULL = 2;
const EM = "approved:engineering-manager";

/** A company of its own: a fault in its paths meets nobody else of the same GitHub. */
export interface Company {
  readonly org: string;
  readonly repo: string;
  /** The head to be. */
  readonly sha: string;
  /** Pushes the branch and opens the pull request, number 2. */
  open(): Promise<void>;
  /** Label and review. */
  approve(): Promise<void>;
  recheck(): Promise<void>;
}

let companies = 0;

export async function found(sandbox: Sandbox, flaw: Flaw | null = null): Promise<Company> {
  const org = `org${++companies}`;
  const repo = `${org}/api`;
  const [joe, jane, rita] = [`joe-${org}`, `jane-${org}`, `rita-${org}`] as const;
  const reviewer = flaw === "reviewer without write access" || flaw === "own approval" ? rita : jane;
  sandbox.createOrganization(org);
  for (const login of [joe, jane, rita]) sandbox.createUser(login);
  sandbox.createTeam(org, "em");
  await sandbox.addTeamMember(org, "em", flaw === "approver not in the team" ? rita : jane);
  const roles = "roles:\n  engineering-manager: { teams: [em] }\n  cto: { users: [nobody] }\n";
  const severities = flaw === "two approvals wanted" ? "severities: { P1: { approvals: 2 } }\n" : "";
  await sandbox.createRepository(repo, {
    files: {
      ".github/hotfix.yml": `version: 1\n${roles}${severities}`,
      ...contents("1"),
      "src/pay/a.py": "a = 1\n",
    },
  });
  for (const login of [joe, jane]) sandbox.setPermission(repo, login, "write");
  if (flaw !== "reviewer without write access") sandbox.setPermission(repo, rita, "write");
  await sandbox.as(joe).createIssue(repo, { title: "Broken" });
  for (const name of ["hotfix", "severity:P1", EM, "approved:cto"])
    await sandbox.as(joe).request("POST", `/repos/${repo}/labels`, { name });
  const git = sandbox.git(repo);
  const sha = await git.commit("hotfix/signature", {
    message: flaw === "no issue" ? MESSAGE.replace("#1", "#99") : MESSAGE,
    files: {
      "src/pay/a.py": `# HOTFIX: #1\n${"a = 2\n".repeat(8)}`,
      ...(flaw === "unrelated files" ? contents("2") : {}),
    },
    author: sandbox.person(joe),
  });
  return {
    org,
    repo,
    sha,
    async open() {
      await git.push(joe, "hotfix/signature");
      const pull = { head: "hotfix/signature", title: "HOTFIX: Fix the signature", body: "" };
      await sandbox.as(joe).openPullRequest(repo, pull);
      if (flaw !== "sibling to another base") return;
      await git.push(joe, "release", git.head("main"));
      await sandbox.as(joe).openPullRequest(repo, { ...pull, base: "release" });
    },
    async approve() {
      await sandbox.as(flaw === "own approval" ? joe : jane).addLabel(repo, PULL, EM);
      await sandbox.as(reviewer).review(repo, PULL, "APPROVED");
    },
    async recheck() {
      await sandbox.as(jane).comment(repo, PULL, "/hotfix recheck");
    },
  };
}

function contents(text: string): Record<string, string> {
  return Object.fromEntries(["b", "c", "d"].map((name) => [`src/ui/${name}.css`, `${text}\n`]));
}

/** The server answers, whatever GitHub does. */
export async function isAlive(url: string): Promise<boolean> {
  return (await fetch(`${url}/healthz`)).status === 200;
}

/** With all of them side by side each waits for its turn. */
const WAIT_MS = process.env.FAULTS === "all" ? 240_000 : 60_000;

/** Waits for a gate on the company's head. Looks seldom: many look at a time. */
export async function gate(
  sandbox: Sandbox,
  { repo, sha }: Company,
  what: string,
  isIt: (run: CheckRunJson) => boolean,
): Promise<void> {
  for (const deadline = Date.now() + WAIT_MS; ; await pause(200)) {
    const run = (await sandbox.checkRuns(repo, sha)).filter(({ name }) => name === "hotfix-gate").at(-1);
    if (run !== undefined && isIt(run)) return;
    if (Date.now() > deadline)
      throw new Error(`${what}: in the end there is ${run?.conclusion} ${run?.output.title}`);
  }
}

export function concluding(sandbox: Sandbox, company: Company, wanted: string, what: string): Promise<void> {
  return gate(sandbox, company, `${what}, ${wanted}`, ({ conclusion }) => conclusion === wanted);
}
