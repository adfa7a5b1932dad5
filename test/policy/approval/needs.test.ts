import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { peopleNeeded } from "../../../src/policy/approval/needs.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { Account } from "../../../src/policy/snapshot/account.ts";
import type { Comment, LabelEvent, Review } from "../../../src/policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { AUTHOR, at, commit, HEAD, MANAGER, REVIEWER, snapshot } from "../../support/snapshot.ts";

const BOT: Account = { login: "some-bot[bot]", type: "Bot" };
const EM = "approved:engineering-manager";
const label = (more: Partial<LabelEvent> = {}): LabelEvent => ({
  event: "labeled",
  label: EM,
  actor: MANAGER,
  byApp: false,
  at: at("10:10:00"),
  ...more,
});
const review = (more: Partial<Review> = {}): Review => ({
  author: REVIEWER,
  state: "approved",
  commit: HEAD,
  at: at("10:08:00"),
  ...more,
});
const comment = (body: string, more: Partial<Comment> = {}): Comment => ({
  id: 1,
  author: MANAGER,
  byApp: false,
  body,
  createdAt: at("10:12:00"),
  updatedAt: at("10:12:00"),
  url: "",
  ...more,
});
const OVERRIDE = "/hotfix override scope the generated client changed too";

interface What {
  readonly labels?: readonly LabelEvent[];
  readonly reviews?: readonly Review[];
  readonly comments?: readonly Comment[];
}

/** Nothing but these happened; the label is on where an event sets it. */
function world({ labels = [], reviews = [], comments = [] }: What, more: Partial<PullRequestSnapshot> = {}) {
  const pr = { labels: labels.map((one) => one.label) };
  return snapshot({ pr, events: { labels, reviews, comments }, ...more });
}

const BASE = defaultPolicy();
const policy = (more: Partial<Policy> = {}): Policy => ({
  ...BASE,
  roles: {
    ...BASE.roles,
    "on-call": {
      teams: ["kamiyo/on-call"],
      users: [],
      permission: null,
    } as unknown as Policy["roles"][string],
    "engineering-manager": {
      teams: ["kamiyo/managers", "kamiyo/leads"],
      users: ["Boss"],
      permission: null,
    } as unknown as Policy["roles"][string],
  },
  ...more,
});

describe("whom the approvals need", () => {
  it.each<[string, PullRequestSnapshot, readonly string[], Partial<Policy>?]>([
    ["nobody where nothing happened", world({}), []],
    [
      "who set an approval label, with the role's teams",
      world({ labels: [label()] }),
      ["jane kamiyo/managers,kamiyo/leads"],
    ],
    [
      "a listed user without the teams",
      world({ labels: [label({ actor: { login: "boss", type: "User" } })] }),
      ["boss "],
    ],
    ["not who set a label of no role", world({ labels: [label({ label: "approved:nobody" })] }), []],
    ["not who set another label", world({ labels: [label({ label: "severity:P1" })] }), []],
    ["not a bot", world({ labels: [label({ actor: BOT })] }), []],
    ["not an account that is gone", world({ labels: [label({ actor: null })] }), []],
    [
      "not the author, however written",
      world({ labels: [label({ actor: { login: "JOHN", type: "User" } })] }),
      [],
    ],
    [
      "the author where that counts",
      world({ labels: [label({ actor: AUTHOR })] }),
      ["john kamiyo/managers,kamiyo/leads"],
      { approval: { ...BASE.approval, self: true } },
    ],
    [
      "who approved the head, by the roles that the severity asks",
      world({ reviews: [review()] }),
      ["rita kamiyo/managers,kamiyo/leads"],
    ],
    [
      "who approved the head, without roles where reviews are no approvals",
      world({ reviews: [review()] }),
      ["rita "],
      { approval: { ...BASE.approval, by: ["label"] } },
    ],
    ["not who approved another head", world({ reviews: [review({ commit: "e".repeat(40) })] }), []],
    [
      "who requests changes, of whatever head",
      world({ reviews: [review({ state: "changes_requested", commit: "e".repeat(40) })] }),
      ["rita "],
    ],
    ["not who commented", world({ reviews: [review({ state: "commented" })] }), []],
    [
      "the last word alone: approved, then dismissed",
      world({ reviews: [review({ state: "dismissed", at: at("10:09:00") }), review()] }),
      [],
    ],
    [
      "… whose login is written otherwise",
      world({
        reviews: [
          review(),
          review({ state: "dismissed", author: { login: "RITA", type: "User" }, at: at("10:09:00") }),
        ],
      }),
      [],
    ],
    [
      "… a review that is being written is none",
      world({ reviews: [review(), review({ state: "pending", at: at("10:09:00") })] }),
      ["rita kamiyo/managers,kamiyo/leads"],
    ],
    [
      "of two reviewers both",
      world({ reviews: [review(), review({ author: MANAGER })] }),
      ["rita kamiyo/managers,kamiyo/leads", "jane kamiyo/managers,kamiyo/leads"],
    ],
    [
      "who wrote an override",
      world({ comments: [comment(OVERRIDE)] }),
      ["jane kamiyo/managers,kamiyo/leads"],
    ],
    ["not who wrote another command", world({ comments: [comment("/hotfix help")] }), []],
    ["not the app, quoting one", world({ comments: [comment(OVERRIDE, { byApp: true })] }), []],
    [
      "one person once, with all teams",
      world({ labels: [label({ label: "approved:on-call" })], comments: [comment(OVERRIDE)] }),
      ["jane kamiyo/on-call,kamiyo/managers,kamiyo/leads"],
    ],
    ["nobody where the timeline is not known", { ...world({}), history: unknown("x") }, []],
  ])("%s", (_, read, expected, more = {}) => {
    const needs = peopleNeeded(read, policy(more), "P1");
    expect(needs.map(({ login, teams }) => `${login} ${teams.join(",")}`)).toEqual(expected);
    expect(needs.every(({ access }) => access)).toBe(true);
  });

  it("the account, where the event names it", () => {
    const actor: Account = { ...MANAGER, id: 77 };
    expect(peopleNeeded(world({ labels: [label({ actor })] }), policy(), "P1")[0]?.id).toBe(77);
    expect(peopleNeeded(world({ labels: [label()] }), policy(), "P1")[0]).not.toHaveProperty("id");
  });

  it("profiles only where commits are nobody's, or all are asked for", () => {
    const profile = (read: PullRequestSnapshot, more: Partial<Policy> = {}, all = false) =>
      peopleNeeded(read, policy(more), "P1", all)[0]?.profile;
    const nobody = { login: null, name: "J", email: "j@home.example" };
    const strange = { commits: known([commit({ author: nobody })]) };
    expect(profile(world({ labels: [label()] }))).toBe(false);
    expect(profile(world({ labels: [label()] }), {}, true)).toBe(true);
    expect(profile(world({ labels: [label()] }, strange))).toBe(true);
    expect(
      profile(world({ labels: [label()] }, strange), { approval: { ...BASE.approval, self: true } }),
    ).toBe(false);
    expect(profile(world({ labels: [label()] }, { commits: unknown("x") }))).toBe(false);
  });
});
