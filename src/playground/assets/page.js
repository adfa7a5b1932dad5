// Keeps the page true: draws it anew whenever something changed, and sends forms without leaving it. Without script
// everything works too, by reloading.
import { Idiomorph } from "/assets/idiomorph.js";

document.documentElement.classList.add("script");

/** What people have opened or typed stays as it is. */
const MORPH = {
  ignoreActiveValue: true,
  callbacks: {
    beforeAttributeUpdated: (name, element) => !(name === "open" && element.tagName === "DETAILS"),
    beforeNodeMorphed: (node) => !(node instanceof HTMLElement && edited.has(node)),
  },
};
const edited = new WeakSet();
document.addEventListener("input", ({ target }) => edited.add(target));

/** Shows a page that came from the server. `keepSaid`: what was said last stays. */
function show(text, keepSaid) {
  const next = new DOMParser().parseFromString(text, "text/html");
  document.title = next.title;
  const said = document.getElementById("said");
  const newSaid = next.getElementById("said");
  if (keepSaid && said && newSaid) newSaid.replaceWith(document.importNode(said, true));
  for (const place of ["header.top", "nav.repo", "div.columns"]) {
    const [from, to] = [document.querySelector(place), next.querySelector(place)];
    if (from && to) Idiomorph.morph(from, to, MORPH);
  }
}

let drawing = false;
let again = false;

async function draw() {
  if (drawing) {
    again = true;
    return;
  }
  drawing = true;
  try {
    const here = location.href;
    const response = await fetch(here);
    if (response.ok && here === location.href) show(await response.text(), true);
  } catch {
    // The server is gone; the line below says so.
  } finally {
    drawing = false;
    if (again) {
      again = false;
      void draw();
    }
  }
}

let source = null;
function listen() {
  source = new EventSource("/events");
  source.addEventListener("change", () => void draw());
  source.addEventListener("open", () => document.body.classList.remove("offline"));
  source.addEventListener("error", () => document.body.classList.add("offline"));
}
listen();
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", ({ persisted }) => persisted && listen());

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLSelectElement && target.dataset.submits !== undefined)
    target.form?.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  event.preventDefault();
  void send(form, event.submitter);
});

async function send(form, submitter) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const response = await fetch(form.action, { method: "POST", body });
    const text = await response.text();
    for (const field of form.elements) edited.delete(field);
    const to = new URL(response.url);
    const moved = to.pathname !== location.pathname;
    if (moved) history.pushState(null, "", to);
    form.reset();
    show(text, false);
    if (document.querySelector("#said .flash-done")) form.closest("details")?.removeAttribute("open");
    tellResult(moved);
  } catch {
    document.body.classList.add("offline");
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** What came of it is read out, and is seen. */
function tellResult(moved) {
  const said = document.querySelector("#said > *");
  const live = document.getElementById("live");
  if (live && said) live.textContent = said.textContent;
  if (moved) {
    scrollTo(0, 0);
    document.querySelector("h1")?.setAttribute("tabindex", "-1");
    document.querySelector("h1")?.focus({ preventScroll: true });
  }
}

addEventListener("popstate", () => location.reload());
