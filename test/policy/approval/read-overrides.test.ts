import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { readOverrides } from "../../../src/policy/approval/read-overrides.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { Comment, History } from "../../../src/policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { AUTHOR, at, MANAGER, person, REVIEWER, snapshot } from "../../support/snapshot.ts";

const comment = (body: string, more: Partial<Comment> = {}): Comment => ({
  id: 7,
  author: MANAGER,
  byApp: false,
  body,
  createdAt: at("10:15:00"),
  updatedAt: at("10:15:00"),
  url: "https://github.example/kamiyo/api/pull/42#issuecomment-7",
  ...more,
});
const commented = (one: Comment, events: Partial<History> = {}): PullRequestSnapshot =>
  snapshot({ events: { comments: [one], ...events } });
const OVERRIDE = "/hotfix override scope the generated client changed too";

describe("readOverrides", () => {
  it("counts the word of somebody who may, with name, reason and place", () => {
    expect(readOverrides(commented(comment(OVERRIDE)), defaultPolicy())).toEqual({
      counted: [
        {
          rule: "scope",
          reason: "the generated client changed too",
          by: "jane",
          at: at("10:15:00"),
          commentUrl: "https://github.example/kamiyo/api/pull/42#issuecomment-7",
        },
      ],
      refused: [],
      undecided: [],
    });
  });

  it.each<[string, PullRequestSnapshot, string]>([
    ["an unknown rule", commented(comment("/hotfix override everything please")), "unknown-rule"],
    ["no reason", commented(comment("/hotfix override scope")), "no-reason"],
    ["approval cannot be overridden", commented(comment("/hotfix override approval now")), "not-overridable"],
    ["severity cannot be overridden", commented(comment("/hotfix override severity now")), "not-overridable"],
    [
      "edited, by whomever: it is nobody's word",
      commented(comment(OVERRIDE, { updatedAt: at("10:15:01") })),
      "edited",
    ],
    ["the author's own", commented(comment(OVERRIDE, { author: AUTHOR })), "author"],
    ["an account that is gone", commented(comment(OVERRIDE, { author: null })), "actor-gone"],
    ["a bot", commented(comment(OVERRIDE, { author: { login: "ci[bot]", type: "Bot" } })), "not-a-person"],
    ["somebody outside the roles", commented(comment(OVERRIDE, { author: REVIEWER })), "not-in-role"],
    [
      "before the present head",
      commented(comment(OVERRIDE, { createdAt: at("09:58:00"), updatedAt: at("09:58:00") })),
      "before-head",
    ],
    [
      "before the base was changed",
      commented(comment(OVERRIDE), { baseChangedAt: [at("10:16:00")] }),
      "before-base-change",
    ],
    [
      "before what would land changed",
      { ...commented(comment(OVERRIDE)), changedAt: known(at("10:16:00")) },
      "before-change",
    ],
    [
      "before the severity was changed",
      commented(comment(OVERRIDE), {
        labels: [{ event: "labeled", label: "severity:P0", actor: AUTHOR, byApp: false, at: at("10:16:00") }],
      }),
      "before-severity-change",
    ],
  ])("refuses %s", (_, given, code) => {
    const reading = readOverrides(given, defaultPolicy());
    expect(reading.counted).toEqual([]);
    expect(reading.refused.map((refused) => refused.code)).toEqual([code]);
  });

  it("takes no word from the app's own comments, from quotes, or from after the merge", () => {
    const later = snapshot({
      pr: { state: "closed", merged: { at: at("10:14:00"), by: null, sha: null } },
      events: { comments: [comment(OVERRIDE)] },
    });
    for (const given of [
      commented(comment(OVERRIDE, { byApp: true, author: { login: "hotfix-guard[bot]", type: "Bot" } })),
      commented(comment(`> ${OVERRIDE}`)),
      later,
    ])
      expect(readOverrides(given, defaultPolicy())).toEqual({ counted: [], refused: [], undecided: [] });
  });

  it("does not decide what it cannot know", () => {
    const unread = { jane: person("admin", { access: unknown("the permission") }) };
    expect(
      readOverrides(snapshot({ people: unread, events: { comments: [comment(OVERRIDE)] } }), defaultPolicy()),
    ).toEqual({ counted: [], refused: [], undecided: ["the permission"] });
    expect(readOverrides(snapshot({ history: unknown("the timeline") }), defaultPolicy()).undecided).toEqual([
      "the timeline",
    ]);
  });
});
