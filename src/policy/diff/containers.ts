import { stemOf, wordsOf } from "./path-names.ts";

/**
 * Directories that hold several components side by side, by their names in lower case: of sources, of tests,
 * of a monorepo's parts. What lies directly below one of them is a component; the directory itself is none.
 */
const CONTAINERS = new Set(
  (
    "src source sources lib libs app apps application applications packages package modules internal pkg cmd crates " +
    "plugins extensions projects feature features charts bundles domains contexts functions lambdas microservices workspaces " +
    "backend frontend server client main java kotlin scala groovy resources " +
    "test tests __tests__ spec specs e2e unit integration functional"
  ).split(" "),
);

/** Containers only in such a place: `services/billing` is a service, `src/services` a layer. */
const CONTAINERS_IN: Readonly<Record<string, readonly string[]>> = {
  services: [""],
  http: ["app"],
  scripts: ["assets"],
};
/** Containers only above such a directory: Unity's `Assets/Scripts`. */
const CONTAINERS_OVER: Readonly<Record<string, readonly string[]>> = { assets: ["scripts"] };

/** Below a directory of one of these names Java's packages begin: reversed domain, organization, product. */
const JVM_SOURCES: ReadonlySet<string | undefined> = new Set(["java", "kotlin", "scala", "groovy"]);

/** How a reversed domain begins. */
const TOP_LEVEL_DOMAINS: ReadonlySet<string | undefined> = new Set(
  (
    "com org net io dev app edu gov info biz me ai cloud tech co uk us eu de at ch fr nl be it es pt pl cz se no fi dk " +
    "ru ua jp kr cn in br au ca"
  ).split(" "),
);

/**
 * Directories that divide an application by technical layers, by their names in lower case. One subject has
 * files in several of them: `controllers/payments_controller.rb` and `models/payment.rb` are about payments.
 */
const LAYERS = new Set(
  (
    "controllers controller models model views view helpers mailers jobs serializers policies presenters decorators " +
    "forms channels services service repositories repository entities entity dto dtos mappers mapper handlers handler " +
    "routes routers router requests resolvers schemas validators tasks components hooks composables pages screens " +
    "stores store reducers actions selectors templates"
  ).split(" "),
);

/** What a name says of its layer or of its place, not of its subject. */
const LAYER_WORDS = new Set(
  (
    "controller model view helper mailer job serializer policy presenter decorator form channel service repository " +
    "repo entity dto mapper handler route router request resolver schema validator task component hook composable " +
    "page screen store reducer action selector template use test spec api concern shared common v1 v2 v3"
  ).split(" "),
);

/** How many of a path's directories are containers, from the root on. */
export function containersOf(directories: readonly string[], repository: string): number {
  let packages = 0;
  for (const [i, directory] of directories.entries()) {
    const name = directory.toLowerCase();
    const next = directories[i + 1]?.toLowerCase() ?? "";
    if (packages > 0) packages -= 1;
    else if (
      !CONTAINERS_OVER[name]?.includes(next) &&
      !isContainer(name, directories[i - 1]?.toLowerCase() ?? "", repository)
    )
      return i;
    if (JVM_SOURCES.has(name) && TOP_LEVEL_DOMAINS.has(next)) packages = 2;
  }
  return directories.length;
}

function isContainer(name: string, parent: string, repository: string): boolean {
  if (CONTAINERS.has(name) || CONTAINERS_IN[name]?.includes(parent)) return true;
  // The package that a repository is named after holds all of it; `(shop)` groups pages in Next.js.
  return (
    (bare(name) !== "" && bare(name) === bare(repository)) || (name.startsWith("(") && name.endsWith(")"))
  );
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * Could this directory be the one package that holds all of an application? `kamiyo/` at the root, Python's
 * `src/kamiyo/`, Java's `…/com/acme/shop/`. Only what the change touches in it, `paths`, can tell.
 */
export function mayHoldEverything(
  directory: string,
  paths: readonly string[],
): "top-level" | "product" | null {
  const segments = directory.toLowerCase().split("/");
  if (JVM_SOURCES.has(segments.at(-4)) && TOP_LEVEL_DOMAINS.has(segments.at(-3))) return "product";
  const isPython = paths.filter((path) => path.endsWith(".py")).length * 2 > paths.length;
  const pythonPackage = segments.length === 2 && segments[0] === "src" && isPython;
  return segments.length === 1 || pythonPackage ? "top-level" : null;
}

/** Is this the name of a layer, below which files are told apart by their subject? */
export function isLayer(directory: string): boolean {
  return LAYERS.has(directory.toLowerCase());
}

/**
 * What a file in a layer is about: the first word that says so in its path below the layer, in the singular.
 * `PaymentController.java`, `payments_controller.rb` and `payments/show.erb` are all about `payment`.
 */
export function subjectOf(below: readonly string[]): string {
  const words = below
    .flatMap((segment, i) => wordsOf(i === below.length - 1 ? stemOf(segment) : segment))
    .map(singular);
  return words.find((word) => !LAYER_WORDS.has(word)) ?? words[0] ?? "";
}

function singular(word: string): string {
  if (word.length < 4 || word.endsWith("ss") || word.endsWith("us")) return word;
  return word.endsWith("ies") ? `${word.slice(0, -3)}y` : word.replace(/s$/, "");
}
