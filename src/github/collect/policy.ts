import { createHash } from "node:crypto";
import { CONFIG_PATH, type ConfigSource, parseConfig, readExtends } from "../../config/index.ts";
import { type Fact, known, unknown } from "../../policy/fact.ts";
import type { ConfigProblem, PolicyReading } from "../../policy/verdict.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { remembered } from "../api/memory.ts";
import { describeFailure, read, UnexpectedAnswer } from "../api/read.ts";

/** The repository whose configuration holds for all of its owner's repositories that have none. */
const OWNERS_REPOSITORY = ".github";

/** A file as GitHub gave it; `absent`: GitHub says that it is not there. */
type FileReading =
  | { readonly state: "file"; readonly source: ConfigSource }
  | { readonly state: "absent" }
  | { readonly state: "invalid"; readonly problems: readonly ConfigProblem[] };

/**
 * The policy of a repository: its file on the default branch, else its owner's, else the defaults. Only GitHub's
 * "not found" means that there is no file; every other failure is unknown, never the defaults. Never rejects.
 */
export async function loadPolicy(client: GitHubClient, repo: Repo): Promise<PolicyReading> {
  const own = await readFile(client, repo, CONFIG_PATH, CONFIG_PATH);
  if (!own.known) return { state: "unknown", reason: own.reason };
  // A push to the owner's repository comes this way, before its other repositories are looked at again.
  if (isOwners(repo)) absentOwners(client).delete(repo.owner.toLowerCase());
  const file = own.value.state === "absent" ? await readOwnersFile(client, repo) : own;
  if (!file.known) return { state: "unknown", reason: file.reason };
  return resolve(client, repo.owner, file.value);
}

/**
 * The problems of the configuration as it is in a commit, for the pull request that changes it. A file that is not there
 * has none.
 */
export async function validateConfigAt(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<Fact<readonly ConfigProblem[]>> {
  const file = await readFile(client, repo, CONFIG_PATH, CONFIG_PATH, sha);
  if (!file.known) return file;
  const policy = await resolve(client, repo.owner, file.value);
  if (policy.state === "unknown") return unknown(policy.reason);
  return known(policy.state === "invalid" ? policy.problems : []);
}

const absentOwners = remembered<true>("absent owners' files");

async function readOwnersFile(client: GitHubClient, { owner, repo }: Repo): Promise<Fact<FileReading>> {
  const absent = absentOwners(client);
  const key = owner.toLowerCase();
  if (isOwners({ owner, repo }) || absent.has(key)) return known({ state: "absent" });
  const label = `${owner}/${OWNERS_REPOSITORY}:${CONFIG_PATH}`;
  const file = await readFile(client, { owner, repo: OWNERS_REPOSITORY }, CONFIG_PATH, label);
  if (file.known && file.value.state === "absent") absent.set(key, true);
  return file;
}

function isOwners({ repo }: Repo): boolean {
  return repo.toLowerCase() === OWNERS_REPOSITORY;
}

/** Parses a file together with the one that it extends. */
async function resolve(client: GitHubClient, owner: string, file: FileReading): Promise<PolicyReading> {
  if (file.state === "invalid") return file;
  if (file.state === "absent") return parsed([], "defaults");
  const { source: own } = file;
  const reference = readExtends(own);
  if (reference === null || "problems" in reference) return parsed([own], own.file);
  const label = `${owner}/${reference.repo}:${reference.path}`;
  const base = await readFile(client, { owner, repo: reference.repo }, reference.path, label);
  if (!base.known) return { state: "unknown", reason: base.reason };
  switch (base.value.state) {
    case "invalid":
      return base.value;
    case "absent":
      return withoutBase(own, label);
    case "file":
      return parsed([own, base.value.source], `${own.file}, which extends ${label}`);
  }
}

/** Parsed files by their bytes: parsing takes longer than all the rest of an evaluation. */
const readings = remembered<PolicyReading>("parsed configurations")({});

function parsed(sources: readonly ConfigSource[], source: string): PolicyReading {
  const key = digestOf(sources, source);
  const earlier = readings.get(key);
  if (earlier !== undefined) return earlier;
  const result = parseConfig(sources);
  const reading: PolicyReading =
    "policy" in result
      ? { state: "valid", policy: result.policy, source }
      : { state: "invalid", problems: result.problems };
  readings.set(key, frozen(reading));
  return reading;
}

function digestOf(sources: readonly ConfigSource[], source: string): string {
  const hash = createHash("sha256").update(JSON.stringify([source, ...sources.map(({ file }) => file)]));
  for (const { bytes } of sources) hash.update(`\0${bytes.byteLength}\0`).update(bytes);
  return hash.digest("base64");
}

/** What several evaluations share can be changed by none of them. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

/** The extended file is missing: the parser knows where `extends` stands, and only here is known what was not there. */
function withoutBase(own: ConfigSource, label: string): PolicyReading {
  const reading = parsed([own], own.file);
  if (reading.state !== "invalid") return reading;
  const problems = reading.problems.map((problem) =>
    problem.key === "extends"
      ? {
          ...problem,
          message: `${label} is not there, or the app may not read it`,
          mend: "Correct the name, add the file, or install the app on that repository.",
        }
      : problem,
  );
  return { state: "invalid", problems };
}

/** Reads a file, on the default branch where no `ref` is given. `label` is how people know it. */
function readFile(
  { octokit }: GitHubClient,
  repo: Repo,
  path: string,
  label: string,
  ref?: string,
): Promise<Fact<FileReading>> {
  return read<FileReading, FileReading>(
    `the configuration ${label}`,
    async () => {
      try {
        const { data } = await octokit.rest.repos.getContent({
          ...repo,
          path,
          ...(ref === undefined ? {} : { ref }),
        });
        return toReading(data, label);
      } catch (error) {
        if (isTooLarge(error)) return unusable(label, "the file is too large", "Keep it under 1 MB.");
        throw error;
      }
    },
    { notFound: () => ({ state: "absent" }) },
  );
}

/** What GitHub's contents route gives for one path: a file, a directory's list, a symlink or a submodule. */
function toReading(data: unknown, file: string): FileReading {
  if (Array.isArray(data)) return unusable(file, "this is a directory", "Make it a YAML file.");
  const content = data as { type?: unknown; encoding?: unknown; content?: unknown; size?: unknown };
  if (content?.type === "symlink") {
    return unusable(
      file,
      "this is a symbolic link that leads to no file of the repository",
      "Make it a file.",
    );
  }
  if (content?.type === "submodule") {
    return unusable(file, "this is a submodule", "Make it a file.");
  }
  if (content?.encoding === "none") return unusable(file, "the file is too large", "Keep it under 1 MB.");
  if (content?.type !== "file" || content.encoding !== "base64" || typeof content.content !== "string") {
    throw new UnexpectedAnswer("contents without base64");
  }
  const bytes = Buffer.from(content.content, "base64");
  // Half a file may be a valid file with other rules.
  if (typeof content.size === "number" && content.size !== bytes.byteLength) {
    throw new UnexpectedAnswer("contents of another size");
  }
  return { state: "file", source: { file, bytes } };
}

/** Over 100 MB GitHub answers 403 with the code `too_large`. */
function isTooLarge(error: unknown): boolean {
  return (
    describeFailure(error).status === 403 && error instanceof Error && error.message.includes("too_large")
  );
}

function unusable(file: string, message: string, mend: string): FileReading {
  return { state: "invalid", problems: [{ file, line: null, column: null, key: "", message, mend }] };
}
