import DOMPurify from "dompurify";
import mermaid from "mermaid";
import { describe, expect, it } from "vitest";
import { known } from "../../src/policy/fact.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import { renderPostMortem } from "../../src/render/post-mortem/issue.ts";
import { at, QUIET_SINCE } from "../support/snapshot.ts";
import { MERGES } from "./situations.ts";

// Mermaid cleans texts by means of the browser's DOM, which is not there; its parser does without.
Object.assign(DOMPurify, { addHook: () => {}, sanitize: (text: string) => text });

const NASTY = [
  "a:b",
  "x;y",
  "%%{init}%%",
  "#quot;",
  "<b>",
  "section",
  "end",
  "title: x",
  "ä漢🚑",
  "```",
  "a\nb",
];

/** The diagram in a post-mortem whose people and roles have such names. */
function diagram(name: string): string {
  const { snapshot, verdict, policy } = MERGES.ready();
  const happened = (time: string) => ({ at: at(time), by: name, detail: name });
  const facts = postMortemFacts(snapshot, verdict, policy, {
    ...QUIET_SINCE,
    deployed: known(happened("10:40:00")),
    verified: happened("10:50:00"),
    rolledBack: known(happened("11:00:00")),
  });
  if (facts === null) throw new Error("not merged");
  const { body } = renderPostMortem(facts, {});
  return /```mermaid\n([\s\S]*?)\n```/.exec(body)?.[1] ?? "";
}

describe("the diagram of the timeline", () => {
  it.each(NASTY)("is accepted by Mermaid's own parser, with %j in it", async (name) => {
    const text = diagram(name);
    expect(text).toContain("Rolled back");
    await expect(mermaid.parse(text)).resolves.toMatchObject({ diagramType: "gantt" });
  });

  it("is really parsed", async () => {
    await expect(mermaid.parse("timelime\n  nonsense")).rejects.toThrow();
  });
});
