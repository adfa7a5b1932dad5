import type { IssueJson } from "../../src/sandbox/index.ts";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  JOHN,
  REPO,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  until,
} from "./support.ts";

/** May push past the protection of `main`, and merge past it. */
export const ADMIN = "ada-admin";

export function addAdmin({ sandbox }: Scenario): void {
  sandbox.createUser(ADMIN, { name: "Ada Admin", email: "ada@kamiyo.example" });
  sandbox.setPermission(REPO, ADMIN, "admin");
}

export async function postMortems({ sandbox }: Scenario): Promise<readonly IssueJson[]> {
  const issues = await sandbox.issues(REPO);
  return issues.filter(({ title }) => title.startsWith("Post-mortem: "));
}

/** The one post-mortem, once it is there and all is quiet. */
export async function onePostMortem(s: Scenario): Promise<IssueJson & { readonly body: string }> {
  await until("a post-mortem", async () => (await postMortems(s))[0] ?? null);
  await s.idle();
  const all = await postMortems(s);
  const [only] = all;
  if (only === undefined || all.length > 1)
    throw new Error(`one post-mortem was expected: ${all.map(({ title }) => title).join(", ")}`);
  return { ...only, body: only.body ?? "" };
}

export function labelsOf({ labels }: Pick<IssueJson, "labels">): readonly (string | undefined)[] {
  return labels.map((label) => (typeof label === "string" ? label : label.name));
}

/** Waits until the post-mortem's body says something; rejects with the body. */
export async function untilBody(s: Scenario, number: number, pattern: RegExp): Promise<string> {
  let body = "";
  const look = async () => {
    body = (await s.sandbox.issue(REPO, number)).body ?? "";
    return pattern.test(body) ? body : null;
  };
  return until(`${pattern} in the post-mortem`, look).catch((error) => {
    throw new Error(`${error.message}\n${body}`);
  });
}

/** Commits on `main`, pushed as they are. */
export async function pushToMain(
  { sandbox }: Scenario,
  message: string = DEPLOYMENT_MESSAGE,
  files: Record<string, string | null> = { [STRIPE]: STRIPE_FIXED },
  login: string = ADMIN,
): Promise<string> {
  const git = sandbox.git(REPO);
  const author = sandbox.person(JOHN);
  const sha = await git.commit("main", { message, files, author, parents: [git.head("main") as string] });
  return git.push(login, "main", sha);
}

export { BRANCH };
