import { expect, it } from "vitest";
import { sectionsNamed } from "../../../src/policy/post-mortem/section-names.ts";

it.each<[string, readonly string[]]>([
  ["12. Ursache", ["Root Cause"]],
  ["III. Ursache", ["Root Cause"]],
  ["Teil 2: Ursache", ["Root Cause"]],
  ["Ur\u200bsache", ["Root Cause"]],
  ["The fix", ["Resolution"]],
  ["Actions taken", ["Resolution"]],
  ["Actions for later", ["Action Items"]],
  ["Lessons taken from it", ["Prevention"]],
  ["Timeline and root cause", ["Timeline", "Root Cause"]],
  ["Details", []],
  ["", []],
])("the heading %j may stand for %j", (title, sections) => expect(sectionsNamed(title)).toEqual(sections));
