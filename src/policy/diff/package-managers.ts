/**
 * Files that say which foreign code is built in, by package manager: manifests and lockfiles. By exact name,
 * by pattern on the name, or (where the name alone says little) by pattern on the path. Settings that say
 * where it is taken from belong to them: another registry has other code under the same names. All in lower
 * case.
 */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  npm: ["package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc"],
  yarn: ["yarn.lock", ".yarnrc", ".yarnrc.yml"],
  pnpm: ["pnpm-lock.yaml", "pnpm-workspace.yaml", ".pnpmfile.cjs", ".pnpmfile.mjs"],
  bun: ["bun.lock", "bun.lockb"],
  deno: ["deno.json", "deno.jsonc", "deno.lock"],
  bower: ["bower.json"],
  python: ["pyproject.toml", "setup.py", "setup.cfg", "pylock.toml", "pip.conf", "pip.ini"],
  poetry: ["poetry.lock"],
  uv: ["uv.lock"],
  pdm: ["pdm.lock"],
  pipenv: ["pipfile", "pipfile.lock"],
  conda: ["environment.yml", "environment.yaml", "conda-lock.yml", "pixi.toml", "pixi.lock"],
  go: ["go.mod", "go.sum", "go.work", "go.work.sum"],
  cargo: ["cargo.toml", "cargo.lock"],
  maven: ["pom.xml"],
  gradle: [
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "gradle.lockfile",
    "buildscript-gradle.lockfile",
    "libs.versions.toml",
    "gradle-wrapper.properties",
    "gradle-wrapper.jar",
  ],
  sbt: ["build.sbt", "plugins.sbt"],
  bundler: ["gemfile", "gemfile.lock", "gems.rb", "gems.locked"],
  composer: ["composer.json", "composer.lock"],
  nuget: [
    "packages.config",
    "packages.lock.json",
    "directory.packages.props",
    "directory.build.props",
    "nuget.config",
  ],
  paket: ["paket.dependencies", "paket.lock"],
  mix: ["mix.exs", "mix.lock"],
  rebar: ["rebar.config", "rebar.lock"],
  pub: ["pubspec.yaml", "pubspec.lock"],
  swift: ["package.swift", "package.resolved"],
  cocoapods: ["podfile", "podfile.lock"],
  carthage: ["cartfile", "cartfile.resolved"],
  clojure: ["deps.edn", "project.clj"],
  haskell: ["cabal.project", "cabal.project.freeze", "stack.yaml", "stack.yaml.lock"],
  conan: ["conanfile.txt", "conanfile.py", "conan.lock"],
  vcpkg: ["vcpkg.json", "vcpkg-configuration.json"],
  bazel: ["module.bazel", "module.bazel.lock", "workspace.bazel"],
  nix: ["flake.nix", "flake.lock"],
  helm: ["chart.yaml", "chart.lock"],
  terraform: [".terraform.lock.hcl"],
  elm: ["elm.json"],
  shards: ["shard.yml", "shard.lock"],
  renv: ["renv.lock"],
  git: [".gitmodules"],
};

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:[^/]{0,80}[-_.])?(?:requirements|constraints)(?:[-_.][^/]{0,80})?\.(?:txt|in)$/, "pip"],
  [/(?:^|\/)(?:requirements|constraints)\/[^/]{1,200}\.(?:txt|in)$/, "pip"],
  [/\.(?:cs|fs|vb)proj$/, "nuget"],
  [/\.gradle(?:\.kts)?$/, "gradle"],
  [/(?:^|\/)\.cargo\/config(?:\.toml)?$/, "cargo"],
  [/(?:^|\/)\.mvn\/(?:extensions\.xml|wrapper\/[^/]{1,100})$/, "maven"],
  [/(?:^|\/)vendor\/modules\.txt$/, "go"],
  [/\.nuspec$/, "nuget"],
  [/\.gemspec$/, "bundler"],
  [/\.podspec$/, "cocoapods"],
  [/\.cabal$/, "haskell"],
];

const MANAGER_BY_NAME = new Map(
  Object.entries(NAMES).flatMap(([manager, names]) => names.map((name) => [name, manager] as const)),
);

const LOCKFILE =
  /(?:lock|-lock\.json|shrinkwrap\.json|-lock\.ya?ml|lockb|lockfile|\.lock\.(?:hcl|json)|\.locked|\.resolved|\.sum|\.freeze)$/;

/** The package manager whose manifest or lockfile this is; `null`: none. Takes the path in lower case. */
export function packageManagerOf(path: string, name: string): string | null {
  const manager = MANAGER_BY_NAME.get(name);
  if (manager !== undefined) return manager;
  return PATTERNS.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}

/**
 * Is it written by the package manager (a lockfile), not by hand? Asked of files that have a package manager.
 */
export function isLockfileName(name: string): boolean {
  return LOCKFILE.test(name);
}
