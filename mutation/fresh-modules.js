import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, resolve } from "node:path";
import vm from "node:vm";
import { transform } from "esbuild";
import { NAMES, plain } from "./mutants.js";

const builtin = createRequire(import.meta.url);

/** What an import of a package gives, as the CommonJS that esbuild writes expects it. */
const asCommonJs = (namespace) => Object.defineProperty({ ...namespace }, "__esModule", { value: true });

/**
 * The project's modules, compiled once and evaluated as often as asked: a mutant meets none of what another one left in a module's memory, and
 * costs no process. Packages and Node's own modules are loaded once.
 */
export class FreshModules {
  #code = new Map();
  #imports = new Map();
  #shared = new Map();
  #kept;
  #packages = new Map();

  /** `given`: what stands in for a package, by its name. `kept`: modules that, with what they import, are evaluated once, which saves most. */
  constructor(given, kept) {
    this.#kept = kept;
    for (const [name, value] of Object.entries(given)) this.#packages.set(name, asCommonJs(value));
  }

  /** Reads and compiles these files and all that they import. */
  async prepare(files) {
    await Promise.all(files.map((file) => this.#compile(file)));
  }

  /** The package `name`, if one of the files imports it. */
  package(name) {
    return this.#packages.get(name);
  }

  async #compile(file) {
    if (this.#code.has(file)) return;
    this.#code.set(file, undefined);
    if (file.endsWith(".json")) {
      const value = JSON.parse(readFileSync(file, "utf8"));
      this.#code.set(file, (_require, module) =>
        Object.assign(module, { exports: asCommonJs({ default: value }) }),
      );
      return;
    }
    const { code } = await transform(plain(readFileSync(file, "utf8")), {
      loader: file.endsWith("x") ? "tsx" : file.endsWith(".ts") ? "ts" : "js",
      format: "cjs",
      target: "node20",
      sourcefile: file,
      jsx: "automatic",
      jsxImportSource: "hono/jsx",
      supported: { "dynamic-import": false },
      define: {
        "import.meta.url": "__url",
        "import.meta.dirname": "__dirname",
        "import.meta.filename": "__filename",
      },
    });
    const parameters = ["require", "module", "exports", "__url", "__dirname", "__filename", ...NAMES];
    const body = vm.compileFunction(code, parameters, { filename: file });
    this.#code.set(file, (require, module, mutants) =>
      body(require, module, module.exports, new URL(file, "file://").href, dirname(file), file, ...mutants),
    );
    const names = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
    const here = names.filter((name) => name.startsWith("."));
    this.#imports.set(
      file,
      here.map((name) => resolve(dirname(file), name)),
    );
    await Promise.all(names.map((name) => this.#follow(file, name)));
  }

  async #follow(from, name) {
    if (name.startsWith(".")) return this.#compile(resolve(dirname(from), name));
    if (isBuiltin(name) || this.#packages.has(name)) return;
    this.#packages.set(name, undefined);
    this.#packages.set(name, asCommonJs(await import(name)));
  }

  /**
   * Evaluates `file` and all that it imports anew; `mutants`: what its code asks about mutants. `imported` is called when all that it imports
   * is there.
   */
  load(file, mutants, imported) {
    const fresh = new Map();
    for (const path of this.#imports.get(file)) this.#evaluate(path, fresh, mutants);
    imported();
    return this.#evaluate(file, fresh, mutants);
  }

  #evaluate(path, fresh, mutants) {
    const evaluated = this.#kept.test(path) ? this.#once(mutants) : fresh;
    const done = evaluated.get(path);
    if (done) return done.exports;
    const module = { exports: {} };
    evaluated.set(path, module);
    const require = (name) =>
      name.startsWith(".")
        ? this.#evaluate(resolve(dirname(path), name), evaluated, mutants)
        : (this.#packages.get(name) ?? builtin(name));
    this.#code.get(path)(require, module, mutants);
    return module.exports;
  }

  /** What was evaluated for all, with these `mutants`. */
  #once(mutants) {
    const found = this.#shared.get(mutants) ?? new Map();
    this.#shared.set(mutants, found);
    return found;
  }
}
