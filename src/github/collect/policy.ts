import { type ConfigSource, type ExtendsReference, placeOfExtends, readExtends } from "../../config/index.ts";
import { type Fact, known, unknown } from "../../policy/fact.ts";
import type { ConfigProblem, PolicyReading, ProposedConfig } from "../../policy/verdict.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { type FileReading, readConfigFile, unusable } from "./config/file.ts";
import { lastValid, noteShared, type SharedFile } from "./config/last-valid.ts";
import {
  BOTH,
  findSecondFile,
  forgetAbsent,
  OWNERS_REPOSITORY,
  ownersLabel,
  readFileAt,
  readOwnersFile,
  readOwnersFileAt,
  readOwnFile,
} from "./config/own.ts";
import { parsed } from "./config/parsed.ts";

/**
 * The policy of a repository: its file on the default branch, else its owner's, else the defaults. Only
 * GitHub's "not found" means that there is no file; every other failure is unknown, never the defaults. Of
 * files in other repositories nothing is told but that they are not valid, since who sees this repository
 * need not see those. `fresh`: the configuration has changed. `later`: whether it is there under both names
 * is left to `completePolicy`, so that no verdict waits for it. Never rejects.
 */
export async function loadPolicy(
  client: GitHubClient,
  repo: Repo,
  { fresh = false, later = false }: { readonly fresh?: boolean; readonly later?: boolean } = {},
): Promise<PolicyReading> {
  // A push to the owner's repository comes this way, before its other repositories are looked at again.
  if (fresh || repo.repo.toLowerCase() === ".github") forgetAbsent(client, repo);
  const own = await readOwnFile(client, repo, { later });
  if (!own.known) return { state: "unknown", reason: own.reason };
  if (own.value.state !== "absent") return resolve(client, repo.owner, own.value, "any");
  const owners = await readOwnersFile(client, repo);
  if (!owners.known) return { state: "unknown", reason: owners.reason };
  const reading = await resolve(client, repo.owner, owners.value, "any");
  if (owners.value.state !== "absent" && reading.state === "valid") noteShared(ownersLabel(repo.owner), true);
  return reading.state === "invalid"
    ? orLastValid(client, ownersFile(client, repo.owner), elsewhere(reading.problems))
    : reading;
}

/** What was read of a file that is not valid, or by its last valid version, as long as that holds. */
async function orLastValid(
  client: GitHubClient,
  file: SharedFile,
  reading: PolicyReading,
): Promise<PolicyReading> {
  const last = await lastValid(client, file);
  if (!last.known) return { state: "unknown", reason: last.reason };
  return last.value ?? reading;
}

function ownersFile(client: GitHubClient, owner: string): SharedFile {
  return {
    place: { owner, repo: OWNERS_REPOSITORY },
    label: ownersLabel(owner),
    async readAt(sha) {
      const there = await readOwnersFileAt(client, owner, sha);
      if (!there.known) return { state: "unknown", reason: there.reason };
      return there.value.state === "absent" ? "absent" : resolve(client, owner, there.value, "any");
    },
  };
}

/** The policy that was read, once what that has left for later is read too. Never rejects. */
export async function completePolicy(
  client: GitHubClient,
  repo: Repo,
  reading: PolicyReading,
): Promise<PolicyReading> {
  const both = await findSecondFile(client, repo);
  if (!both.known) return { state: "unknown", reason: both.reason };
  return both.value ? loadPolicy(client, repo) : reading;
}

/**
 * The policy that a file would be which is not in the repository (yet), with what it extends, as far as the
 * client may read it. For a person's own file: its problems are told whole. Never rejects.
 */
export function policyOfFile(client: GitHubClient, repo: Repo, source: ConfigSource): Promise<PolicyReading> {
  return resolve(client, repo.owner, { state: "file", source, blob: null }, "any");
}

/** A pull request's change of the configuration: the blobs of the files that it changes, by path. */
export interface ConfigChange {
  readonly sha: string;
  readonly blobs: ReadonlyMap<string, string | null>;
}

/**
 * Is the configuration in a commit valid? For the pull request that changes it, of somebody with write
 * access. What it extends is read only where the default branch extends the same: else the app would read for
 * the author what the author may not.
 */
export async function validateConfigAt(
  client: GitHubClient,
  repo: Repo,
  { sha, blobs }: ConfigChange,
): Promise<Fact<ProposedConfig>> {
  const [file, now] = await Promise.all([readFileAt(client, repo, sha), readOwnFile(client, repo)]);
  if (!file.known) return file;
  if (!now.known) return now;
  const proposed =
    file.value.state === "file" && isLink(file.value, blobs) ? LINK(file.value.source.file) : file.value;
  const inForce = now.value.state === "file" ? readExtends(now.value.source) : null;
  const follow = inForce !== null && "repo" in inForce ? inForce : null;
  const reading = await resolve(client, repo.owner, proposed, follow);
  if (reading.state === "unknown") return unknown(reading.reason);
  const wereBoth =
    now.value.state === "invalid" && now.value.problems.some(({ message }) => message === BOTH);
  const alone = proposed.state === "file" && followed(proposed.source, follow) === "unread";
  // Of the file that it extends only its owners hear; without that file it may be right.
  const own = proposed.state === "file" && !alone ? proposed.source.file : null;
  const warnings =
    reading.state === "valid" ? (reading.warnings ?? []).filter(({ file: where }) => where === own) : [];
  return known({
    problems: reading.state === "invalid" ? reading.problems : [],
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(alone ? { alone: true } : {}),
    ...(wereBoth && proposed.state === "file" ? { leavesOne: true } : {}),
  });
}

/** GitHub shows a link's target under the link's name; only the blob tells. */
function isLink(
  { source, blob }: Extract<FileReading, { state: "file" }>,
  blobs: ConfigChange["blobs"],
): boolean {
  const changed = blobs.get(source.file);
  return typeof changed === "string" && blob !== null && changed !== blob;
}

const LINK = (file: string) => unusable(file, "this is a symbolic link", "Make it a file.");

/** Parses a file together with the one that it extends, as far as that may be read. */
async function resolve(
  client: GitHubClient,
  owner: string,
  file: FileReading,
  follow: ExtendsReference | "any" | null,
): Promise<PolicyReading> {
  if (file.state === "invalid") return file;
  if (file.state === "absent") return parsed([], "defaults");
  const { source: own } = file;
  const reference = followed(own, follow);
  if (reference === "none") return parsed([own], own.file);
  if (reference === "unread") return parsed([own], own.file, true);
  const label = `${owner}/${reference.repo}:${reference.path}`;
  const base = await readConfigFile(client, { owner, repo: reference.repo }, reference.path, label);
  if (!base.known) return { state: "unknown", reason: base.reason };
  if (base.value.state === "absent") return withoutBase(own, label);
  const reading = onBase(own, base.value, label);
  if (reading.state === "valid") noteShared(label, true);
  // What the file itself has wrong it has to fix itself.
  const blamed = reading.state === "invalid" && reading.problems.every(({ key }) => key === "extends");
  if (!blamed) return reading;
  const place = { owner, repo: reference.repo };
  const readAt = async (sha: string): Promise<PolicyReading | "absent"> => {
    const was = await readConfigFile(client, place, reference.path, label, sha);
    if (!was.known) return { state: "unknown", reason: was.reason };
    return was.value.state === "absent" ? "absent" : onBase(own, was.value, label);
  };
  return orLastValid(client, { place, label, readAt }, reading);
}

/** The file on the one that it extends. */
function onBase(
  own: ConfigSource,
  base: Exclude<FileReading, { state: "absent" }>,
  label: string,
): PolicyReading {
  if (base.state === "invalid") return { state: "invalid", problems: [extendedInvalid(own, label)] };
  const reading = parsed([own, base.source], `${own.file}, which extends ${label}`);
  return reading.state === "invalid"
    ? { state: "invalid", problems: ofOwn(reading.problems, own, label) }
    : reading;
}

function followed(
  own: ConfigSource,
  follow: ExtendsReference | "any" | null,
): ExtendsReference | "none" | "unread" {
  const reference = readExtends(own);
  if (reference === null || "problems" in reference) return "none";
  const same =
    follow === "any" ||
    (follow?.repo.toLowerCase() === reference.repo.toLowerCase() && follow.path === reference.path);
  return same ? reference : "unread";
}

/** The file's own problems; of those in the file that it extends only that there are some. */
function ofOwn(
  problems: readonly ConfigProblem[],
  own: ConfigSource,
  label: string,
): readonly ConfigProblem[] {
  const mine = problems.filter(({ file }) => file === own.file);
  return mine.length === problems.length ? mine : [...mine, extendedInvalid(own, label)];
}

function extendedInvalid(own: ConfigSource, label: string): ConfigProblem {
  const message = `${label}, which this file extends, is not valid`;
  return { ...placeOfExtends(own), key: "extends", message, fix: WHERE_SHOWN };
}

function elsewhere(problems: readonly ConfigProblem[]): PolicyReading {
  const file = problems[0]?.file ?? "";
  const message = "the owner's configuration, which holds here, is not valid";
  return {
    state: "invalid",
    problems: [{ file, line: null, column: null, key: "", message, fix: WHERE_SHOWN }],
  };
}

const WHERE_SHOWN =
  "Run hotfix-guard validate on that file: its problems are shown only to those who can read its repository.";

/**
 * The extended file is missing: the parser knows where `extends` stands, and only here is known what was not
 * there.
 */
function withoutBase(own: ConfigSource, label: string): PolicyReading {
  const reading = parsed([own], own.file);
  if (reading.state !== "invalid") return reading;
  const problems = reading.problems.map((problem) =>
    problem.key === "extends"
      ? {
          ...problem,
          message: `${label} is not there, or the app may not read it`,
          fix: "Correct the name, add the file, or install the app on that repository.",
        }
      : problem,
  );
  return { state: "invalid", problems };
}
