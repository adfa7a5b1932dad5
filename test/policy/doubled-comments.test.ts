import { expect, it } from "vitest";
import { doubledComments } from "../../src/policy/doubled-comments.ts";
import type { Comment } from "../../src/policy/snapshot/history.ts";

const comment = (id: number, body: string, byApp = true): Comment => ({
  id,
  author: null,
  byApp,
  body,
  createdAt: "2026-12-01T10:00:00Z",
  updatedAt: "2026-12-01T10:00:00Z",
  url: "",
});
const STATUS = "<!-- hotfix-guard:status kamiyo/api#42 -->";
const RENAMED = "<!-- hotfix-guard:status kamiyo/backend#42 -->";
const ANSWER = "<!-- hotfix-guard:answer 77 -->";
const REMINDER = "<!-- hotfix-guard:reminder 4h -->";
const ESCALATED = "<!-- hotfix-guard:escalated 4h -->";

it.each<[string, readonly Comment[], readonly number[]]>([
  ["nothing", [], []],
  ["one of each", [comment(1, STATUS), comment(2, ANSWER), comment(3, REMINDER)], []],
  ["the newer status comment", [comment(1, STATUS), comment(2, STATUS)], [2]],
  ["… in whatever order they are listed", [comment(2, STATUS), comment(1, STATUS)], [2]],
  ["… by another name of the repository", [comment(1, STATUS), comment(2, RENAMED)], [2]],
  ["two newer answers", [comment(1, ANSWER), comment(2, `x ${ANSWER}`), comment(3, ANSWER)], [2, 3]],
  ["somebody's copy is no older one", [comment(1, ANSWER, false), comment(2, ANSWER)], []],
  ["somebody's copy stays", [comment(1, ANSWER), comment(2, ANSWER, false)], []],
  ["two things, one of which is new", [comment(1, REMINDER), comment(2, `${ESCALATED}${REMINDER}`)], []],
  [
    "two things, both said",
    [comment(1, `${ESCALATED}${REMINDER}`), comment(2, `${ESCALATED}${REMINDER}`)],
    [2],
  ],
  ["without a marker", [comment(1, "Hello"), comment(2, "Hello")], []],
])("%s", (_, comments, doubled) => expect(doubledComments(comments)).toEqual(doubled));
