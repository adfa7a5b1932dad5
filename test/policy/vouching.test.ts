import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { Account } from "../../src/policy/snapshot/account.ts";
import type { History } from "../../src/policy/snapshot/history.ts";
import { type Voucher, voucherOf, vouchersNeeded } from "../../src/policy/vouching.ts";
import { AUTHOR, at, HISTORY, MANAGER, person, REVIEWER, snapshot } from "../support/snapshot.ts";

const POLICY = defaultPolicy();
const OUTSIDER = { john: person("read") };
const BOT: Account = { login: "renovate[bot]", type: "Bot" };
const lost = { ...person("write"), access: unknown("GitHub answered 502") };
const comment = (body: string, more: Partial<History["comments"][number]> = {}) => ({
  id: 1,
  author: REVIEWER,
  byApp: false,
  body,
  url: "u",
  createdAt: at("10:05:00"),
  updatedAt: at("10:05:00"),
  ...more,
});
const QUIET: Partial<History> = { labels: [], reviews: [], comments: [] };
const labeled = (actor: Account | null, more: Partial<History["labels"][number]> = {}) =>
  ({ event: "labeled", label: "hotfix", actor, byApp: false, at: at("10:03:00"), ...more }) as const;
const review = (author: Account, time = "10:08:00") =>
  ({ ...HISTORY.reviews[0], author, at: at(time) }) as History["reviews"][number];

describe("who stands behind a pull request", () => {
  it.each<[string, Parameters<typeof snapshot>[0], Voucher | null]>([
    ["its author, who may write", {}, { login: "john", how: "opened" }],
    ["nobody, where the author only reads", { people: OUTSIDER, events: QUIET }, null],
    [
      "an app that can push here",
      { pr: { author: BOT }, events: QUIET },
      { login: BOT.login, how: "opened" },
    ],
    ["not an app on a fork", { pr: { author: BOT, fork: true }, events: QUIET }, null],
    [
      "who set a label",
      { people: { ...OUTSIDER, jane: person("admin"), rita: person("write") } },
      { login: "jane", how: "labeled" },
    ],
    [
      "who reviewed, where who labeled only reads",
      { people: { ...OUTSIDER, jane: person("triage"), rita: person("write") } },
      { login: "rita", how: "reviewed" },
    ],
    [
      "who wrote a command",
      {
        people: { ...OUTSIDER, rita: person("write") },
        events: { ...QUIET, comments: [comment("/hotfix help")] },
      },
      { login: "rita", how: "commanded" },
    ],
    [
      "not who wrote anything else",
      {
        people: { ...OUTSIDER, rita: person("write") },
        events: { ...QUIET, comments: [comment("looks good")] },
      },
      null,
    ],
    [
      "not the app by its own comments and labels",
      {
        people: { ...OUTSIDER, rita: person("write") },
        events: {
          ...QUIET,
          labels: [labeled(REVIEWER, { byApp: true })],
          comments: [comment("/hotfix help", { byApp: true })],
        },
      },
      null,
    ],
    [
      "not another app that set a label",
      {
        people: { ...OUTSIDER, [BOT.login]: person("write") },
        events: { ...QUIET, labels: [labeled(BOT), labeled(null)] },
      },
      null,
    ],
    [
      "not by what happened before it was opened",
      {
        people: { ...OUTSIDER, rita: person("write") },
        events: { ...QUIET, labels: [labeled(REVIEWER, { at: at("09:59:59") })] },
      },
      null,
    ],
    [
      "by a label of the second it was opened in",
      {
        people: { ...OUTSIDER, rita: person("write") },
        events: { ...QUIET, labels: [labeled(REVIEWER, { at: at("10:00:00") })] },
      },
      { login: "rita", how: "labeled" },
    ],
    [
      "somebody, though another's access could not be read",
      { people: { ...OUTSIDER, jane: lost, rita: person("write") } },
      { login: "rita", how: "reviewed" },
    ],
    [
      "somebody, where the author's account is gone",
      { pr: { author: null } },
      { login: "john", how: "labeled" },
    ],
    [
      "nobody, where too little of what happened is known",
      { people: OUTSIDER, history: unknown("502") },
      null,
    ],
  ])("%s", (_, more, voucher) => {
    expect(voucherOf(snapshot(more))).toEqual(known(voucher));
  });

  it.each<[string, Parameters<typeof snapshot>[0], string]>([
    ["whose author was not asked about", { people: {}, events: QUIET }, "not asked for"],
    [
      "whose author's access could not be read",
      { people: { john: lost }, events: QUIET },
      "GitHub answered 502",
    ],
    [
      "of which somebody's access could not be read",
      { people: { ...OUTSIDER, jane: lost } },
      "GitHub answered 502",
    ],
  ])("of one %s nothing is known", (_, more, reason) => {
    expect(voucherOf(snapshot(more))).toEqual(unknown(reason));
  });
});

describe("whose access is read for it", () => {
  it.each<[string, Parameters<typeof snapshot>[0], readonly string[], Partial<typeof POLICY>?]>([
    ["the author's", { people: {} }, ["john"]],
    ["the author's again, where it could not be read", { people: { john: lost } }, ["john"]],
    ["nobody's, where the author may write", {}, []],
    ["the others', where the author only reads", { people: OUTSIDER }, ["jane", "rita"]],
    ["nobody's for an app that can push here", { pr: { author: BOT }, people: {} }, []],
    [
      "the others' for an app on a fork",
      { pr: { author: BOT, fork: true }, people: {} },
      ["john", "jane", "rita"],
    ],
    ["the others', where the author's account is gone", { pr: { author: null } }, ["john", "jane", "rita"]],
    ["nobody's of a draft", { people: {}, pr: { draft: true } }, []],
    ["nobody's of a closed one", { people: {}, pr: { state: "closed" } }, []],
    ["nobody's of a branch", { people: {}, origin: { kind: "branch" } }, []],
    ["nobody's where nobody is called", { people: {} }, [], { mode: "observe" }],
  ])("%s", (_, more, logins, policy = {}) => {
    const needs = vouchersNeeded(snapshot(more), { ...POLICY, ...policy });
    expect(needs.map(({ login }) => login)).toEqual(logins);
    for (const need of needs) expect(need).toMatchObject({ access: true, teams: [], profile: false });
  });

  it("ten others' at most, each once, by their number where it is known", () => {
    const reviews = Array.from({ length: 12 }, (_, i) => review({ login: `Dev${i}`, type: "User", id: i }));
    const again = reviews.map((one) => ({
      ...one,
      author: { ...one.author, login: one.author?.login.toUpperCase() } as Account,
    }));
    const needs = vouchersNeeded(
      snapshot({
        people: OUTSIDER,
        events: { ...QUIET, reviews: [...reviews, ...again, review(MANAGER), review(AUTHOR)] },
      }),
      POLICY,
    );
    expect(needs).toHaveLength(10);
    expect(needs[3]).toMatchObject({ login: "DEV3", id: 3 });
  });
});
