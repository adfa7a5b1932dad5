// Keeps the page true: draws it anew whenever something changed, and sends forms without leaving it. Without
// script everything works too, by reloading.
import { Idiomorph } from "./idiomorph.js";

document.documentElement.classList.add("script");

/**
 * Fields that somebody has typed into or chosen from, until they are sent.
 * @type {WeakSet<EventTarget>}
 */
const edited = new WeakSet();
document.addEventListener("input", ({ target }) => target && edited.add(target));

/**
 * What people have opened or typed stays as it is, and so does where the keyboard is.
 * @type {import("idiomorph").Config}
 */
const MORPH = {
  ignoreActiveValue: true,
  callbacks: {
    beforeAttributeUpdated: (name, element) =>
      !(name === "open" && element.tagName === "DETAILS") &&
      !(name === "tabindex" && element === document.activeElement),
    beforeNodeMorphed: (node) => !edited.has(node),
  },
};

/** Shows a page that came from the server. @param {string} text @param {{ keepSaid: boolean }} options */
function show(text, { keepSaid }) {
  const next = new DOMParser().parseFromString(text, "text/html");
  document.title = next.title;
  const [said, newSaid] = [document.getElementById("said"), next.getElementById("said")];
  if (keepSaid && said && newSaid) newSaid.replaceWith(document.importNode(said, true));
  for (const place of ["header.top", "nav.repo", "div.columns"]) {
    const [from, to] = [document.querySelector(place), next.querySelector(place)];
    if (from && to) Idiomorph.morph(from, to, MORPH);
  }
}

let drawing = false;
let again = false;

/** Draws this page as it is now; once more after that, where something changed meanwhile. */
async function draw() {
  again = drawing;
  if (drawing) return;
  drawing = true;
  try {
    const here = location.href;
    const response = await fetch(here);
    if (response.ok && here === location.href) show(await response.text(), { keepSaid: true });
  } catch {
    // The server is gone, which the events tell.
  } finally {
    drawing = false;
    if (again) void draw();
  }
}

/** @type {EventSource | null} */
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
addEventListener("popstate", () => location.reload());

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

/**
 * Sends a form, and shows the page that comes of it. @param {HTMLFormElement} form @param {HTMLElement |
 * null} submitter
 */
async function send(form, submitter) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const fields = [...new FormData(form, submitter)].map(([name, value]) => [name, String(value)]);
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
    const text = await response.text();
    for (const field of form.elements) edited.delete(field);
    const to = new URL(response.url);
    const moved = to.pathname !== location.pathname;
    if (moved) history.pushState(null, "", to);
    form.reset();
    show(text, { keepSaid: false });
    if (document.querySelector("#said .flash-done")) form.closest("details")?.removeAttribute("open");
    tellResult(moved);
  } catch {
    document.body.classList.add("offline");
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** What came of it is read out, and the keyboard goes on from there. @param {boolean} moved */
function tellResult(moved) {
  const said = document.querySelector("#said > *");
  const live = document.getElementById("live");
  if (live && said) live.textContent = said.textContent;
  if (moved) scrollTo(0, 0);
  // The button that was pressed may be gone.
  if (!moved && document.activeElement !== document.body) return;
  const place = moved ? document.querySelector("h1") : said;
  if (!(place instanceof HTMLElement)) return;
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}
