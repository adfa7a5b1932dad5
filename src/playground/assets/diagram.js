// Draws the Mermaid diagram in this page's address, once it is seen: what is folded has no size to draw in.
const { mermaid } = globalThis;
let drawn = "";

async function draw() {
  const text = decodeURIComponent(location.hash.slice(1));
  const key = `${text} ${innerWidth} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  if (innerWidth === 0 || key === drawn) return;
  drawn = key;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: dark ? "dark" : "default",
    gantt: { useWidth: innerWidth - 16 },
  });
  try {
    const { svg } = await mermaid.render("drawn", text);
    document.body.innerHTML = svg;
    document.body.style.margin = "8px";
    document.documentElement.style.colorScheme = "light dark";
  } catch (error) {
    document.body.textContent = `The diagram cannot be drawn: ${error.message}`;
  }
}

addEventListener("resize", draw);
addEventListener("hashchange", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
draw();
