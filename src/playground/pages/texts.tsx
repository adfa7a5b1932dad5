import { raw } from "hono/html";
import { markdown } from "../markdown.ts";
import { page } from "./layout.tsx";
import type { Around } from "./view.ts";

/** A page that says one thing. */
export function messagePage(title: string, text: string, around: Around) {
  return page({
    title,
    tab: "home",
    around,
    children: (
      <>
        <h1>{title}</h1>
        <p>{text}</p>
      </>
    ),
  });
}

/** A page of the documentation. */
export function docsPage(title: string, text: string, around: Around) {
  return page({
    title,
    tab: "docs",
    around,
    children: <article class="box box-body markdown-body">{raw(markdown(text, around.github))}</article>,
  });
}
