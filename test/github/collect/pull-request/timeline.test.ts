import { expect, test } from "vitest";
import { type RawTimelineEvent, toHistory } from "../../../../src/github/collect/pull-request/timeline.ts";
import { at } from "../../../support/snapshot.ts";
import { APP_BOT, user } from "../world.ts";

const app = { id: 7, slug: "hotfix-guard" };
const history = (...events: RawTimelineEvent[]) => toHistory(events, app);

function labeled(more: object): RawTimelineEvent {
  return {
    event: "labeled",
    label: { name: "severity:P1" },
    created_at: at("10:00:00"),
    actor: user("jane"),
    ...more,
  };
}

test("events are in the order of time, and of the list within a second", () => {
  const one = (name: string, time: string) => labeled({ label: { name }, created_at: at(time) });
  const { labels } = history(one("c", "10:00:02"), one("a", "10:00:01"), one("b", "10:00:01"));
  expect(labels.map(({ label }) => label)).toEqual(["a", "b", "c"]);
});

test.each([
  ["a person", labeled({}), false],
  ["nobody", labeled({ actor: null }), false],
  ["the app's bot", labeled({ actor: APP_BOT }), true],
  [
    "the app's bot under another name",
    labeled({ actor: user("old[bot]", "Bot"), performed_via_github_app: { id: 7 } }),
    true,
  ],
  ["a person by way of the app", labeled({ performed_via_github_app: { id: 7 } }), false],
  ["another bot", labeled({ actor: user("other[bot]", "Bot"), performed_via_github_app: { id: 8 } }), false],
  ["a person named like the bot", labeled({ actor: user("hotfix-guard") }), false],
])("a label by %s", (_who, event, byApp) => {
  expect(history(event).labels[0]).toMatchObject({ byApp });
});

test("a label event that does not say which label is left out; unknown events are too", () => {
  const { label: _, ...without } = labeled({ event: "unlabeled" });
  const odd = ["constructor", "toString", "__proto__", "subscribed"].map((event) => ({ event }));
  expect(history(without, ...odd, {})).toEqual({
    labels: [],
    reviews: [],
    comments: [],
    baseChangedAt: [],
    reopenedAt: [],
    headForcePushedAt: [],
    readyAt: [],
    renamed: [],
    reviewRequestedAt: [],
    inMergeQueue: false,
  });
});

test("when a draft was ready, and when the app itself asked for reviews", () => {
  const event = (name: string, time: string, actor = user("jane")) => ({
    event: name,
    created_at: at(time),
    actor,
  });
  const { readyAt, reviewRequestedAt } = history(
    event("review_requested", "10:00:01"),
    event("review_requested", "10:00:02", APP_BOT),
    event("ready_for_review", "10:00:03"),
    event("convert_to_draft", "10:00:04"),
  );
  expect(readyAt).toEqual([at("10:00:03")]);
  expect(reviewRequestedAt).toEqual([at("10:00:02")]);
});

test("what moves head or base", () => {
  const event = (name: string, time: string) => ({ event: name, created_at: at(time) });
  expect(
    history(
      event("base_ref_changed", "10:00:01"),
      event("automatic_base_change_succeeded", "10:00:02"),
      event("automatic_base_change_failed", "10:00:03"),
      event("reopened", "10:00:04"),
      event("head_ref_force_pushed", "10:00:05"),
      event("head_ref_restored", "10:00:06"),
    ),
  ).toMatchObject({
    baseChangedAt: [at("10:00:01"), at("10:00:02")],
    reopenedAt: [at("10:00:04")],
    headForcePushedAt: [at("10:00:05"), at("10:00:06")],
  });
});

test("reviews have the commit and the time they were given for; a deleted user is null", () => {
  const review = { event: "reviewed", state: "CHANGES_REQUESTED", user: null, submitted_at: at("10:00:01") };
  expect(history(review).reviews).toEqual([
    { author: null, state: "changes_requested", commit: null, at: at("10:00:01") },
  ]);
});

test.each([
  ["without a time", { event: "labeled", label: { name: "x" } }],
  ["a review without a state", { event: "reviewed", user: null, submitted_at: at("10:00:01") }],
  ["a comment without an id", { event: "commented", created_at: at("10:00:01") }],
])("an event of unexpected form is an error: %s", (_what, event) => {
  expect(() => history(event)).toThrow();
});
