import { expect, it } from "vitest";
import { involvement, unlinked } from "../../../src/policy/approval/involvement.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { Commit } from "../../../src/policy/snapshot/change.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { commit, person, snapshot } from "../../support/snapshot.ts";

const nobody = (name: string, email: string) => ({ login: null, name, email });
const by = (author: Commit["author"], more: Partial<Commit> = {}) =>
  snapshot({ commits: known([commit({ author, ...more })]) });
const withProfile = (
  read: PullRequestSnapshot,
  profile: { readonly name: string | null; readonly email: string | null },
): PullRequestSnapshot => ({
  ...read,
  people: { ...read.people, jane: person("admin", { profile: known(profile) }) },
});
const NONE = { name: null, email: null };

it.each<[string, PullRequestSnapshot, string, string | null | "unknown"]>([
  ["the author of the pull request", snapshot(), "John", "author"],
  [
    "nobody, where the author's account is gone",
    snapshot({ pr: { author: null }, activity: known([]) }),
    "rita",
    null,
  ],
  ["not involved", snapshot(), "jane", null],
  ["whoever, while the commits are not known", snapshot({ commits: unknown("x") }), "jane", "unknown"],
  ["the author, all the same", snapshot({ commits: unknown("x") }), "john", "author"],
  [
    "author of a commit, by account",
    by({ login: "Jane", name: "J", email: "j@x.example" }),
    "jane",
    "contributor",
  ],
  ["by GitHub's address", by(nobody("J", "12+jane@users.noreply.github.com")), "jane", "contributor"],
  [
    "co-author by GitHub's address",
    snapshot({
      commits: known([commit({ message: "x\n\nCo-authored-by: J < jane@users.noreply.github.com >" })]),
    }),
    "jane",
    "contributor",
  ],
  [
    "GitHub's web interface",
    by({ login: "web-flow", name: "GitHub", email: "noreply@github.com" }),
    "Web-Flow",
    null,
  ],
  [
    "somebody whose profile was not read, where commits are nobody's",
    by(nobody("J", "j@x.example")),
    "rita-x",
    "unknown",
  ],
  [
    "by the profile's name",
    withProfile(by(nobody(" Jane Doe ", "j@x.example")), { name: "jane doe ", email: null }),
    "jane",
    "contributor",
  ],
  [
    "by the profile's address",
    withProfile(by(nobody("J", "Jane@Doe.example")), { name: null, email: " jane@doe.example" }),
    "jane",
    "contributor",
  ],
  [
    "by the login before the @",
    withProfile(by(nobody("J", "jane@laptop.local")), NONE),
    "jane",
    "contributor",
  ],
  ["by the login as name", withProfile(by(nobody("jane", "j@x.example")), NONE), "jane", "contributor"],
  [
    "one of two commits' authors",
    withProfile(
      snapshot({
        commits: known([
          commit({ author: nobody("K", "k@x.example") }),
          commit({ author: nobody("jane", "j@x.example") }),
        ]),
      }),
      NONE,
    ),
    "jane",
    "contributor",
  ],
  [
    "another's profile",
    withProfile(by(nobody("K", "k@x.example")), { name: "Jane Doe", email: "jane@doe.example" }),
    "jane",
    null,
  ],
  [
    "an empty name proves nothing",
    withProfile(by(nobody("", "@x.example")), { name: " ", email: "" }),
    "jane",
    null,
  ],
])("%s", (_, read, login, expected) => {
  const fact = involvement(read)({ login });
  expect(fact.known ? fact.value : "unknown").toBe(expected);
});

it("what is told of a profile that was not read names whose it is", () => {
  const fact = involvement(by(nobody("J", "j@x.example")))({ login: "rita-x" });
  expect(fact).toMatchObject({ reason: expect.stringContaining("rita-x") });
});

it("identities without an account, trailers trimmed", () => {
  const message = "x\n\nCo-authored-by:  Kim Lee  < kim@x.example >";
  expect(unlinked([commit({ message })])).toEqual([nobody("Kim Lee", "kim@x.example")]);
  expect(unlinked([commit({ message: "x\n\nCo-authored-by: L <7+lee@users.noreply.github.com>" })])).toEqual(
    [],
  );
});
