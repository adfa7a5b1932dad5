import type { ChangedFile } from "../snapshot/change.ts";
import { isLockfileName, packageManagerOf } from "./package-managers.ts";
import { isWhitespaceOnly, sizeOf } from "./patch.ts";
import { nameOf } from "./path-names.ts";

/**
 * What kind of change a file is, told from its names and its patch. Kinds do not exclude each other, save as
 * said.
 */
export interface ClassifiedFile {
  readonly file: ChangedFile;
  /** Additions and deletions, as GitHub counts them; 0 for binary files. */
  readonly lines: number;
  /** UTF-8 bytes of the added and deleted lines; `null`: there are lines, and GitHub does not show them. */
  readonly bytes: number | null;
  /** The longest of these lines, in UTF-16 code units; 0 where none is shown. */
  readonly longestLine: number;
  /** A test, a snapshot, a fixture or what serves tests. */
  readonly test: boolean;
  /** Made by a program by the look of its name. A name proves nothing, so this exempts from no rule. */
  readonly generated: boolean;
  /** For readers, and not a test's fixture. */
  readonly documentation: boolean;
  /** Says how the repository is built and checked, not what is deployed. */
  readonly ci: boolean;
  /** The package manager whose manifest or lockfile it is, `git` for a submodule; `null`: neither. */
  readonly packageManager: string | null;
  readonly lockfile: boolean;
  /** Moved, and nothing else. */
  readonly renameOnly: boolean;
  readonly whitespaceOnly: boolean;
  /** No lines to count: binary, a change of mode, or empty. GitHub does not tell which. */
  readonly withoutLines: boolean;
  readonly submodule: boolean;
}

const TEST_DIRECTORY =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|cypress|__mocks__|__snapshots__|snapshots|__fixtures__|fixtures?|test[-_]?data|test[-_]fixtures)\//;
const TEST_NAME =
  /^(?:test_[^/]*\.py|conftest\.py|[^/]*[-_](?:test|tests|spec)\.[a-z0-9]{1,6}|[^/]*\.(?:test|tests|spec|cy|e2e)\.[a-z0-9]{1,6}|[^/]*\.snap)$/;
/** `StripeTest.java`, not `Contest.java`: the capital counts. */
const TEST_CLASS = /[a-z0-9](?:Tests?|IT|Spec|TestCase)\.(?:java|kt|kts|scala|groovy|cs|fs|vb|php|swift|m)$/;
const GENERATED_DIRECTORY = /(?:^|\/)(?:dist|__generated__|generated|node_modules)\//;
const GENERATED_NAME =
  /(?:\.min\.(?:js|mjs|cjs|css)|\.(?:js|css)\.map|\.snap|_pb2(?:_grpc)?\.pyi?|\.pb\.(?:go|cc|h|rb|swift)|\.pb\.gw\.go|_pb\.(?:js|ts|d\.ts)|_grpc_web_pb\.js|\.g\.(?:dart|cs)|\.freezed\.dart|\.designer\.cs|\.generated\.[a-z]{1,4}|_generated\.[a-z]{1,4}|_gen\.go|\.gen\.[a-z]{1,4})$/;
const DOCUMENTATION_NAME =
  /(?:\.(?:md|mdx|markdown|rst|adoc|asciidoc)|^(?:readme|changelog|changes|history|license|licence|copying|notice|authors|contributors|contributing|security|code_of_conduct)(?:\.(?:txt|text|html?|pdf|rtf|org|textile|creole))?)$/;
const DOCUMENTATION_DIRECTORY = /^(?:docs?|documentation)\//;
const CI_PATH =
  /^(?:\.github\/|\.gitlab\/|\.gitlab-ci\.ya?ml$|\.circleci\/|\.buildkite\/|\.woodpecker[./]|\.azure-pipelines\/|\.semaphore\/|\.teamcity\/|\.ci\/|\.drone\.ya?ml$|\.cirrus\.(?:yml|star)$|\.travis\.yml$|\.?appveyor\.yml$|azure-pipelines[^/]{0,40}\.ya?ml$|bitbucket-pipelines\.yml$|buildspec\.ya?ml$|cloudbuild\.ya?ml$|wercker\.yml$|jenkinsfile$)/;
const SUBMODULE = /^[-+]Subproject commit [0-9a-f]{40}/m;
/** Git's name for no content at all: an empty file is not a binary one. */
const EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

const classified = new WeakMap<readonly ChangedFile[], readonly ClassifiedFile[]>();

/** Classifies each file, in the same order; once for a list, whoever asks. Never throws, linear. */
export function classifyFiles(files: readonly ChangedFile[]): readonly ClassifiedFile[] {
  let result = classified.get(files);
  if (result === undefined) {
    result = files.map(classify);
    classified.set(files, result);
  }
  return result;
}

function classify(file: ChangedFile): ClassifiedFile {
  const path = file.path.toLowerCase();
  const name = nameOf(path);
  const lines = file.additions + file.deletions;
  const test = TEST_DIRECTORY.test(path) || TEST_NAME.test(name) || TEST_CLASS.test(file.path);
  const submodule = lines <= 2 && file.patch !== null && SUBMODULE.test(file.patch);
  const packageManager = submodule ? "git" : managerOf(file, path, name);
  const lockfile = packageManager !== null && isLockfileName(name);
  const size = sizeOf(file.patch);
  const renameOnly = file.status === "renamed" && lines === 0;
  return {
    file,
    lines,
    bytes: lines > 0 && file.patch === null ? null : size.bytes,
    longestLine: size.longest,
    test,
    generated: lockfile || GENERATED_NAME.test(name) || GENERATED_DIRECTORY.test(path),
    documentation:
      !test &&
      packageManager === null &&
      (DOCUMENTATION_NAME.test(name) || DOCUMENTATION_DIRECTORY.test(path)),
    ci: CI_PATH.test(path),
    packageManager,
    lockfile,
    renameOnly,
    whitespaceOnly: isWhitespaceOnly(file.patch),
    withoutLines: lines === 0 && !renameOnly && file.sha !== EMPTY_BLOB,
    submodule,
  };
}

/** A file that is moved away from a manifest's name changes the dependencies as well. */
function managerOf(file: ChangedFile, path: string, name: string): string | null {
  const manager = packageManagerOf(path, name);
  if (manager !== null || file.previousPath === null || file.status !== "renamed") return manager;
  const previous = file.previousPath.toLowerCase();
  return packageManagerOf(previous, nameOf(previous));
}
