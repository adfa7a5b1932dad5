/** A YAML tree as plain data in which every key and value knows where it stands. */

/** One-based, as editors count. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A value of YAML that holds no others. */
export type Scalar = string | number | boolean | null;

/** A value of a YAML file, and where each part of it stands there. */
export type Located =
  | { readonly kind: "scalar"; readonly value: Scalar; readonly at: Place }
  | { readonly kind: "list"; readonly items: readonly Located[]; readonly at: Place }
  | { readonly kind: "map"; readonly entries: ReadonlyMap<string, Entry>; readonly at: Place };

/** A value under its key in a map. */
export interface Entry {
  /** Where the key stands. */
  readonly key: Place;
  readonly value: Located;
}

/** A map, of which each value knows where it stands. */
export type LocatedMap = Extract<Located, { kind: "map" }>;

/** The keys and list positions that lead from the top of a configuration to a value of it. */
export type Path = readonly PropertyKey[];

/** The values without their places. */
export function plain(node: Located): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.value)]));
}

/** What stands at a path; `undefined`: nothing. */
export function valueAt(root: Located, path: Path): Located | undefined {
  return path.reduce<Located | undefined>((node, step) => childOf(node, step)?.value, root);
}

/** Where the value at a path stands. Of an empty or absent value: the nearest key that leads to it. */
export function placeOf(root: Located, path: Path): Place {
  let node = root;
  let place = root.at;
  for (const step of path) {
    const child = childOf(node, step);
    if (child === undefined) return place;
    node = child.value;
    place = child.key;
  }
  return node.kind === "scalar" && node.value === null ? place : node.at;
}

/** Where the key at the end of a path stands. */
export function placeOfKey(root: Located, path: Path): Place {
  const parent = valueAt(root, path.slice(0, -1));
  return childOf(parent, path.at(-1) ?? "")?.key ?? placeOf(root, path);
}

/** Maps merge deeply, the values of `own` win, lists replace. */
export function merge(own: LocatedMap, base: LocatedMap): LocatedMap {
  const entries = new Map(base.entries);
  for (const [key, entry] of own.entries) {
    const below = base.entries.get(key)?.value;
    const value =
      entry.value.kind === "map" && below?.kind === "map" ? merge(entry.value, below) : entry.value;
    entries.set(key, { key: entry.key, value });
  }
  return { ...own, entries };
}

/**
 * `rules: { scope: warn }` as `{ scope: { level: warn } }`, so that a level of its own does not end inherited
 * options.
 */
export function levelsAsMaps(root: LocatedMap): LocatedMap {
  const rules = root.entries.get("rules");
  if (rules?.value.kind !== "map") return root;
  const spelledOut = [...rules.value.entries].map(([id, entry]): [string, Entry] => {
    const { value } = entry;
    if (value.kind !== "scalar" || typeof value.value !== "string") return [id, entry];
    return [id, { ...entry, value: { kind: "map", entries: new Map([["level", entry]]), at: value.at } }];
  });
  const value = { ...rules.value, entries: new Map(spelledOut) };
  return { ...root, entries: new Map(root.entries).set("rules", { ...rules, value }) };
}

/**
 * A known key without a value (`components:` and nothing after it) is as if it were not written, and so does
 * not hide what is inherited. Known are the keys of `defaults`; where the default itself is null, null is a
 * value.
 */
export function withoutEmptyKeys(node: LocatedMap, defaults: Readonly<Record<string, unknown>>): LocatedMap {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const known = Object.hasOwn(defaults, key) ? defaults[key] : null;
    const { value } = entry;
    if (value.kind === "scalar" && value.value === null && known !== null) continue;
    const below = value.kind === "map" && isRecord(known) ? withoutEmptyKeys(value, known) : value;
    entries.set(key, { ...entry, value: below });
  }
  return { ...node, entries };
}

/** Is it a plain object, with any keys? */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function childOf(node: Located | undefined, step: PropertyKey): Entry | undefined {
  if (node?.kind === "map") return node.entries.get(String(step));
  const item = node?.kind === "list" ? node.items[Number(step)] : undefined;
  return item && { key: item.at, value: item };
}
