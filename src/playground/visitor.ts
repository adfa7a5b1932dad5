import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { type Member, memberOf } from "./cast.ts";
import type { Said } from "./pages/view.ts";

/** What the browser remembers of its visitor. */
const ME = "playground-as";
const TOUR = "playground-tour";
const SAID = "playground-said";
const OPTIONS = { path: "/", sameSite: "Strict", httpOnly: true } as const;
/** In a cookie, which holds 4,096 bytes, each character may take nine. */
const LONGEST = 400;

export const actor = (context: Context): Member => memberOf(getCookie(context, ME));

/** The visitor is that person from now on. */
export function actAs(context: Context, login: string): void {
  setCookie(context, ME, login, OPTIONS);
}

export const takesTour = (context: Context): boolean => getCookie(context, TOUR) !== "left";

/** Takes the guided tour, or leaves it. */
export function setTour(context: Context, taken: boolean): void {
  setCookie(context, TOUR, taken ? "taken" : "left", OPTIONS);
}

/** Told on the next page. */
export function tell(context: Context, { kind, text }: Said): void {
  setCookie(context, SAID, JSON.stringify({ kind, text: text.slice(0, LONGEST) }), OPTIONS);
}

/** What is to be told now, once. */
export function told(context: Context): Said | null {
  const value = getCookie(context, SAID);
  if (value === undefined) return null;
  deleteCookie(context, SAID, OPTIONS);
  try {
    const { kind, text } = JSON.parse(value) as Said;
    return { kind: kind === "refused" ? "refused" : "done", text: String(text) };
  } catch {
    return null;
  }
}
