import type { Area } from "./area.ts";
import type { ClassifiedFile } from "./classify-files.ts";
import { isLayer, subjectOf } from "./containers.ts";
import { directoryOf, nameOf, stemOf } from "./path-names.ts";

/**
 * Directories that say "tests" or "sources" and nothing of what is tested, so they do not count when paths
 * mirror each other.
 */
const SILENT_DIRECTORIES = new Set(
  "test tests __tests__ spec specs e2e cypress unit integration functional __mocks__ __snapshots__ snapshots __fixtures__ fixture fixtures testdata test-data test_data test-fixtures test_fixtures src main lib app source include inc".split(
    " ",
  ),
);
/**
 * What marks the directory of a target's or project's tests: `ShopTests`, `ShopUITests`,
 * `Acme.Payments.Tests`, `payments-test`.
 */
const TEST_TARGET = /(?<=\p{Ll})(?:UI)?Tests?$|(?<=.)[._-](?:Unit|Integration)?[Tt]ests?$/u;
/** Names that many directories have; a test of such a file is told by its place alone. */
const COMMON_STEMS = new Set([
  "",
  "index",
  "main",
  "mod",
  "lib",
  "app",
  "__init__",
  "init",
  "types",
  "utils",
  "helpers",
]);
/** How many segments of a path are compared, and how many words of a name. */
const MOST = 8;

/**
 * Which tests, snapshots, fixtures and headers kept apart belong to the related files: the same stem
 * (`test_stripe.py`, `stripe_webhook.json` for `stripe.py`), the same subject where the application is
 * divided by layers, or a place that mirrors theirs (`tests/payments/…` for `src/payments/…`).
 */
export function testsOf(related: readonly ClassifiedFile[], area: Area): (test: ClassifiedFile) => boolean {
  const stems = new Set<string>();
  const places = new Set<string>();
  const directories = new Set(area.directories);
  for (const { file } of related) {
    const stem = testedBy(file.path);
    if (!COMMON_STEMS.has(stem)) stems.add(stem);
    directories.add(directoryOf(file.path));
  }
  for (const directory of directories) {
    // Many subjects share a layer: the place says nothing.
    const layered = area.subject !== undefined && isLayer(nameOf(directory));
    if (!layered) addPlaces(places, mirrored(directory));
  }
  return ({ file }) => {
    const isOfSubject = subjectOf([nameOf(file.path)]) === area.subject;
    if (isOfSubject) return true;
    const place = mirrored(directoryOf(file.path));
    return (
      beginnings(place).some((beginning) => places.has(beginning.join("/"))) ||
      beginnings(testedBy(file.path).split(/[-_]/)).some((words) => stems.has(words.join("_")))
    );
  };
}

/** A place is known by its end: tests are rarely as deep as the sources. */
function addPlaces(places: Set<string>, segments: readonly string[]): void {
  for (let n = 1; n <= Math.min(MOST, segments.length); n++) places.add(segments.slice(-n).join("/"));
}

function beginnings(parts: readonly string[]): readonly (readonly string[])[] {
  return parts.slice(0, MOST).map((_, i) => parts.slice(0, i + 1));
}

/**
 * Is this a header that C and C++ keep apart from its sources, `include/net/socket.h` for `src/net/socket.c`?
 */
export function isHeader(path: string): boolean {
  return /(?:^|\/)inc(?:lude)?\/.*\.(?:h|hh|hpp|hxx)$/i.test(path);
}

function mirrored(directory: string): readonly string[] {
  return directory
    .split("/")
    .map((segment) => segment.replace(TEST_TARGET, "").toLowerCase())
    .filter((segment) => segment !== "" && !SILENT_DIRECTORIES.has(segment));
}

/**
 * The name without what marks it as a test, up to the first dot, words joined by `_`: `StripeTest.java` →
 * `stripe`.
 */
function testedBy(path: string): string {
  return stemOf(nameOf(path))
    .replace(/(?<=[a-z0-9])(?:Tests?|IT|Spec|TestCase)$/, "")
    .toLowerCase()
    .replace(/^tests?[-_]/, "")
    .replace(/[-_](?:tests?|spec)$/, "")
    .replaceAll("-", "_");
}
