// Draws the Mermaid diagram in this page's address, once it is seen: what is folded has no size to draw in.

/**
 * @typedef {{ initialize(config: object): void, render(id: string, text: string): Promise<{ svg: string }> }}
 * Mermaid
 */
const { mermaid } = /** @type {typeof globalThis & { mermaid: Mermaid }} */ (globalThis);
const darkness = matchMedia("(prefers-color-scheme: dark)");
const MARGIN = 8;
/** Narrower, names and times would cover each other: then it scrolls. */
const LEAST_WIDTH = 760;
let drawn = "";

async function draw() {
  const text = decodeURIComponent(location.hash.slice(1));
  const key = `${text} ${innerWidth} ${darkness.matches}`;
  if (innerWidth === 0 || key === drawn) return;
  drawn = key;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: darkness.matches ? "dark" : "default",
    gantt: { useWidth: Math.max(LEAST_WIDTH, innerWidth - 2 * MARGIN) },
  });
  document.documentElement.style.colorScheme = "light dark";
  document.body.style.margin = `${MARGIN}px`;
  try {
    const { svg } = await mermaid.render("drawn", text);
    document.body.innerHTML = svg;
    // Mermaid lets it shrink to the page.
    const [drawing] = document.body.getElementsByTagName("svg");
    if (drawing !== undefined) drawing.style.minWidth = `${LEAST_WIDTH}px`;
  } catch (error) {
    document.body.textContent = `The diagram cannot be drawn: ${error instanceof Error ? error.message : error}`;
  }
}

addEventListener("resize", draw);
addEventListener("hashchange", draw);
darkness.addEventListener("change", draw);
draw();
