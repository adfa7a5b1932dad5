import type { Markish, PlotOptions } from "@observablehq/plot";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** A chart as SVG, with what its colours stand for. */
export interface Chart {
  readonly title: string;
  /** What a screen reader says in its place. */
  readonly description: string;
  readonly svg: string;
  readonly key: readonly KeyEntry[];
}

/** A colour by its variable in the page's style, and its name. */
export interface KeyEntry {
  readonly name: string;
  readonly color: string;
}

const WIDTH = 640;
const HEIGHT = 220;

/** Draws marks on a server: the library is given a document of its own. */
export function draw(
  { title, description, key }: Omit<Chart, "svg">,
  options: Omit<PlotOptions, "marks">,
  marks: readonly Markish[],
): Chart {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 44,
    ...options,
    style: { background: "transparent", fontSize: "12px" },
    document,
    ariaLabel: `${title}: ${description}`,
    color: { domain: key.map(({ name }) => name), range: key.map(({ color }) => `var(--${color})`) },
    marks: [...marks],
  });
  svg.setAttribute("role", "img");
  // As a picture it has one name; those of its parts are for nobody.
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return { title, description, key, svg: svg.outerHTML };
}
