import { read } from "../../github/api/read.ts";
import { repositoryNamed } from "../../github/api/repositories.ts";
import { compare } from "../../github/collect/git/changes.ts";
import { hotfixReader } from "../../github/collect/landing/merged-hotfixes.ts";
import { type ListedPostMortem, listPostMortems } from "../../github/collect/post-mortem/list.ts";
import type { ReconcileHint } from "../../jobs/hint.ts";
import { planRecheck } from "../../plan/post-mortem/elsewhere.ts";
import { type Fact, known } from "../../policy/fact.ts";
import { touchedPaths } from "../../policy/landing/rollback.ts";
import type { Policy } from "../../policy/policy.ts";
import { sameName } from "../../policy/repository.ts";
import { carryOut } from "../carry-out.ts";
import { keyOf, type Place, type ReconcileContext } from "../context.ts";
import { NO_RETRY } from "../retry.ts";

/**
 * A branch moved that hotfixes land on or are brought back to: open post-mortems are looked at again, and of
 * those that are closed the ones whose files the push touches, since it may take their hotfix back. Resolves
 * to whether that could be told.
 */
export async function recheckPostMortems(
  context: ReconcileContext,
  place: Place,
  policy: Policy,
  hint: ReconcileHint,
): Promise<boolean> {
  const { client } = place;
  const listed = await postMortemsOf(place, policy);
  if (!listed.known) return false;
  const { there, all } = listed.value;
  const closed = all.filter(({ open }) => !open);
  const touched = closed.length === 0 ? known([]) : await touchedOf(place, hint, closed);
  const again = [...all.filter(({ open }) => open), ...(touched.known ? touched.value : [])];
  const plan = planRecheck(
    keyOf({ client, repo: there }),
    again.map(({ number }) => number),
  );
  await carryOut(context, place, plan, NO_RETRY);
  return touched.known;
}

/** The post-mortems of this repository's hotfixes, and where they are. */
export async function postMortemsOf(
  { client, repo }: Place,
  policy: Policy,
): Promise<Fact<{ readonly there: Place["repo"]; readonly all: readonly ListedPostMortem[] }>> {
  const { repository } = policy.post_mortem;
  const there = repository === null ? repo : repositoryNamed(repository);
  const listed = await listPostMortems(client, there);
  if (!listed.known) return listed;
  return known({
    there,
    all: listed.value.filter(({ subject }) => subject === null || sameName(subject, repo)),
  });
}

/** Closed post-mortems of pull requests whose hotfix touched a file that the push touches too. */
async function touchedOf(
  { client, repo }: Place,
  { headSha, formerHeads }: ReconcileHint,
  closed: readonly ListedPostMortem[],
): Promise<Fact<readonly ListedPostMortem[]>> {
  const before = formerHeads?.[0];
  if (headSha === undefined || before === undefined) return known([]);
  return read("which hotfixes the push touches", async () => {
    const compared = await compare(client, repo, before, headSha);
    // What is gone after a forced push cannot be compared.
    const paths = compared.ok ? touchedPaths(compared.value.files) : null;
    const touched = await Promise.all(
      closed.map(async ({ subject }) => {
        if (subject?.kind !== "pull-request" || paths === null) return subject?.kind === "push";
        const own = await hotfixReader(client).paths(repo, subject);
        return own !== null && [...own].some((path) => paths.has(path));
      }),
    );
    return closed.filter((_, i) => touched[i] === true);
  });
}
