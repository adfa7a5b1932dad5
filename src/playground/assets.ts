import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

interface Asset {
  readonly type: string;
  path(): string;
}

const own = (name: string) => () => fileURLToPath(new URL(`assets/${name}`, import.meta.url));
const JS = "text/javascript; charset=utf-8";
const CSS = "text/css; charset=utf-8";

/** Everything that a page loads: ours, and files of packages. */
const ASSETS: Readonly<Record<string, Asset>> = {
  "page.css": { type: CSS, path: own("page.css") },
  "page.js": { type: JS, path: own("page.js") },
  "diagram.js": { type: JS, path: own("diagram.js") },
  "icon.svg": { type: "image/svg+xml", path: own("icon.svg") },
  "markdown.css": { type: CSS, path: () => require.resolve("github-markdown-css/github-markdown.css") },
  "idiomorph.js": { type: JS, path: () => require.resolve("idiomorph/dist/idiomorph.esm.js") },
  "mermaid.js": { type: JS, path: () => require.resolve("@mermaid-js/tiny/dist/mermaid.tiny.js") },
};

/** A file that pages load, with its media type. */
export interface LoadedAsset {
  readonly type: string;
  readonly content: Buffer<ArrayBuffer>;
}

/** Reads an asset once; `null`: there is none of this name. */
export function createAssets(): (name: string) => Promise<LoadedAsset | null> {
  const loaded = new Map<string, LoadedAsset>();
  return async (name) => {
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (asset === undefined) return null;
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const content = await readFile(asset.path());
    const fresh = { type: asset.type, content: Buffer.from(content) };
    loaded.set(name, fresh);
    return fresh;
  };
}
