import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ConfigProblem, type ConfigSource, parseConfig, placeInFile } from "../config/index.ts";
import { problem } from "../config/problem.ts";
import type { Repo } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { describeFailure } from "../github/api/read.ts";
import { readOwnFile } from "../github/collect/config/own.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import { readSetup } from "../github/collect/setup/setup.ts";
import type { Policy } from "../policy/policy.ts";
import { fullName } from "../policy/repository.ts";
import type { SetupFinding } from "../policy/setup/finding.ts";
import { findingsOf } from "../policy/setup/findings.ts";
import { accessGitHub, Unreachable } from "./person-client.ts";
import { repositoryOf } from "./scope-options.ts";
import type { CheckedFile } from "./validate-file.ts";

/**
 * A repository as it is on GitHub, held against its configuration on the default branch, or against `file` in
 * its place: teams, people, protection, labels. Throws `Unreachable` where that cannot be had.
 */
export async function checkRepository(name: string, file: string | null, cwd: string): Promise<CheckedFile> {
  const { client, repo } = await accessGitHub().repository(repositoryOf("--repo", name));
  const source = file === null ? await ownSource(client, repo) : await localSource(file, cwd);
  const label = source?.file ?? fullName(repo);
  const reading = await policyOf(client, repo, file === null ? null : source);
  if ("problems" in reading) return checked(label, "invalid", reading.problems, [], []);
  const setup = await readSetup(client, repo, reading.policy).catch((error: unknown) => {
    throw new Unreachable(`${fullName(repo)} cannot be read: ${describeFailure(error).reason}`);
  });
  const findings = findingsOf(reading.policy, setup);
  const at = (level: SetupFinding["level"]) =>
    findings.filter((one) => one.level === level).map((one) => located(one, source, label));
  return checked(
    label,
    source === null ? "empty" : "valid",
    at("problem"),
    [...reading.warnings, ...at("warning")],
    at("note"),
  );
}

function checked(
  file: string,
  state: CheckedFile["state"],
  problems: CheckedFile["problems"],
  warnings: CheckedFile["warnings"],
  notes: CheckedFile["problems"],
): CheckedFile {
  return { file, state: problems.length > 0 ? "invalid" : state, problems, warnings, notes, extended: null };
}

/** Where the finding's key stands in the file; what is about no key stands at its beginning. */
function located(
  { path, message, fix }: SetupFinding,
  source: ConfigSource | null,
  label: string,
): ConfigProblem {
  const place = source === null ? { file: label, line: 1, column: 1 } : placeInFile(source, path);
  return problem(place, path, message, fix);
}

type Reading =
  | { readonly policy: Policy; readonly warnings: readonly ConfigProblem[] }
  | { readonly problems: readonly ConfigProblem[] };

async function policyOf(client: GitHubClient, repo: Repo, proposed: ConfigSource | null): Promise<Reading> {
  if (proposed !== null) return parseConfig([proposed], { alone: true });
  const reading = await loadPolicy(client, repo);
  if (reading.state === "unknown")
    throw new Unreachable(`the configuration of ${fullName(repo)} cannot be read: ${reading.reason}`);
  if (reading.state === "valid")
    return {
      policy: reading.policy,
      warnings: reading.lastValid === undefined ? [] : [brokenShared(reading.lastValid)],
    };
  // Of what could not be read as text no line is known.
  return {
    problems: reading.problems.map((one) => ({ ...one, line: one.line ?? 1, column: one.column ?? 1 })),
  };
}

/** Everybody who may read this repository learns only that it is not valid. */
function brokenShared({ file, until }: { readonly file: string; readonly until: string }): ConfigProblem {
  const message = `this shared file is not valid; its last valid version holds until ${until}`;
  return problem(
    { file, line: 1, column: 1 },
    [],
    message,
    "Run hotfix-guard validate on that file, and fix it.",
  );
}

/** `null`: it has none of its own; the owner's, or the defaults, hold. */
async function ownSource(client: GitHubClient, repo: Repo): Promise<ConfigSource | null> {
  const file = await readOwnFile(client, repo);
  if (!file.known)
    throw new Unreachable(`the configuration of ${fullName(repo)} cannot be read: ${file.reason}`);
  return file.value.state === "file" ? file.value.source : null;
}

async function localSource(file: string, cwd: string): Promise<ConfigSource> {
  try {
    return { file, bytes: await readFile(resolve(cwd, file)) };
  } catch (error) {
    throw new Unreachable(`${file}: cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`);
  }
}
