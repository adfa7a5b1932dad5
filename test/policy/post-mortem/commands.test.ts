import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import {
  type CommandPlace,
  type CommandsInput,
  firstThatCounts,
  happening,
  isLate,
  peopleOfCommands,
  readCommands,
} from "../../../src/policy/post-mortem/commands.ts";
import type { Comment } from "../../../src/policy/snapshot/history.ts";
import { AUTHOR, at, MANAGER, person } from "../../support/snapshot.ts";

const POLICY = defaultPolicy();
const MERGED = { mergedAt: at("10:30:00"), landedAt: at("10:25:00") };
const people = {
  john: person("write"),
  jane: person("admin"),
  mallory: person("read"),
  rita: { ...person("write"), access: unknown("GitHub answered 502") },
};

function comment(body: string, more: Partial<Comment> = {}): Comment {
  const createdAt = more.createdAt ?? at("10:40:00");
  return { id: 1, author: AUTHOR, byApp: false, body, url: "u", createdAt, updatedAt: createdAt, ...more };
}

function input(place: CommandPlace, ...comments: readonly Comment[]): CommandsInput {
  return { comments: comments.map((one) => ({ place, comment: one })), ...MERGED };
}

const read = (from: CommandsInput) => readCommands(from, { people }, POLICY);
const kinds = (from: CommandsInput) => read(from).map(({ command }) => command.kind);

describe("which commands are about what has landed", () => {
  it.each<[string, string, string, boolean]>([
    ["verified", "10:24:59", "before it was deployed", false],
    ["verified", "10:25:00", "in the second it was deployed", true],
    ["rollback it is worse", "10:26:00", "between deployment and merge", true],
    ["rollback it is worse", "10:24:00", "before it was deployed", false],
    ["help", "10:29:59", "between deployment and merge", false],
    ["help", "10:30:00", "in the second it was merged", true],
    ["override scope it is one fix", "10:31:00", "after the merge", true],
  ])("/hotfix %s at %s, %s: %s", (command, time, _, late) => {
    const from = input("pull-request", comment(`/hotfix ${command}`, { createdAt: at(time) }));
    expect(read(from)).toHaveLength(late ? 1 : 0);
  });

  it("where nothing has landed none is", () => {
    const none = { mergedAt: null, landedAt: null };
    expect(isLate({ kind: "verified", further: 0 }, { createdAt: at("10:40:00") }, none)).toBe(false);
    expect(isLate({ kind: "help", further: 0 }, { createdAt: at("10:40:00") }, none)).toBe(false);
    const deployed = { mergedAt: null, landedAt: at("10:25:00") };
    expect(isLate({ kind: "verified", further: 0 }, { createdAt: at("10:40:00") }, deployed)).toBe(true);
    expect(isLate({ kind: "help", further: 0 }, { createdAt: at("10:40:00") }, deployed)).toBe(false);
  });

  it("on a post-mortem every one is, whenever it was written", () => {
    expect(kinds(input("post-mortem", comment("/hotfix verified", { createdAt: at("09:00:00") })))).toEqual([
      "verified",
    ]);
  });

  it("only people's, oldest first", () => {
    const from = input(
      "pull-request",
      comment("/hotfix rollback later", { createdAt: at("10:50:00") }),
      comment("/hotfix verified", { createdAt: at("10:45:00") }),
      comment("/hotfix help", { byApp: true }),
      comment("/hotfix help", { author: { login: "bot", type: "Bot" } }),
      comment("/hotfix help", { author: null }),
      comment("verified"),
    );
    expect(kinds(from)).toEqual(["verified", "rollback"]);
  });
});

describe("whether one counts", () => {
  const OVERRIDE = "/hotfix override post-mortem we learned nothing new";
  it.each<[string, CommandPlace, Comment, unknown]>([
    ["of somebody who may write", "pull-request", comment("/hotfix verified"), known(true)],
    [
      "help, of anybody",
      "pull-request",
      comment("/hotfix help", { author: { login: "mallory", type: "User" } }),
      known(true),
    ],
    [
      "help that was edited",
      "pull-request",
      comment("/hotfix help", { updatedAt: at("10:41:00") }),
      known(true),
    ],
    [
      "that was edited",
      "pull-request",
      comment("/hotfix verified", { updatedAt: at("10:41:00") }),
      known("edited"),
    ],
    [
      "a rollback that was edited",
      "post-mortem",
      comment("/hotfix rollback no", { updatedAt: at("10:41:00") }),
      known("edited"),
    ],
    [
      "of somebody who only reads",
      "pull-request",
      comment("/hotfix rollback no", { author: { login: "mallory", type: "User" } }),
      known("no-write-access"),
    ],
    [
      "of somebody whose rights could not be read",
      "pull-request",
      comment("/hotfix verified", { author: { login: "rita", type: "User" } }),
      unknown("GitHub answered 502"),
    ],
    [
      "an override on the pull request",
      "pull-request",
      comment(OVERRIDE, { author: MANAGER }),
      known("not-here"),
    ],
    [
      "an override that was edited",
      "post-mortem",
      comment(OVERRIDE, { author: MANAGER, updatedAt: at("10:41:00") }),
      known("edited"),
    ],
    ["an override without the role", "post-mortem", comment(OVERRIDE), known("not-in-role")],
    ["an override by who holds the role", "post-mortem", comment(OVERRIDE, { author: MANAGER }), known(true)],
  ])("%s", (_, place, one, counts) => {
    expect(read(input(place, one)).map((command) => command.counts)).toEqual([counts]);
  });

  it("an override of somebody whose roles could not be read is not known", () => {
    const [one] = read(input("post-mortem", comment(OVERRIDE, { author: { login: "rita", type: "User" } })));
    expect(one?.counts.known).toBe(false);
  });

  it("whose rights are read: of those whose commands do something", () => {
    const from = input(
      "post-mortem",
      comment("/hotfix verified"),
      comment("/hotfix rollback no", { author: MANAGER }),
      comment("/hotfix help", { author: { login: "mallory", type: "User" } }),
    );
    const need = { access: true, teams: [], profile: false };
    expect(peopleOfCommands(from, POLICY)).toEqual([
      { login: "john", ...need },
      { login: "jane", ...need },
    ]);
  });

  it("of an override the teams of its roles as well, each once", () => {
    const [role = ""] = POLICY.overrides.roles;
    const teams = ["kamiyo/leads", "kamiyo/leads"];
    const former = POLICY.roles[role];
    if (former === undefined) throw new Error("no role");
    const policy = { ...POLICY, roles: { ...POLICY.roles, [role]: { ...former, teams } } };
    expect(peopleOfCommands(input("post-mortem", comment(OVERRIDE)), policy)).toEqual([
      { login: "john", access: true, teams: ["kamiyo/leads"], profile: false },
    ]);
    expect(peopleOfCommands(input("post-mortem", comment("/hotfix verified")), policy)[0]?.teams).toEqual([]);
  });
});

describe("the first that counts", () => {
  const commands = read(
    input(
      "pull-request",
      comment("/hotfix verified", { author: { login: "mallory", type: "User" }, createdAt: at("10:40:00") }),
      comment("/hotfix verified", { author: { login: "rita", type: "User" }, createdAt: at("10:41:00") }),
      comment("/hotfix rollback no", { createdAt: at("10:42:00") }),
      comment("/hotfix verified", { author: MANAGER, createdAt: at("10:43:00") }),
      comment("/hotfix verified", { createdAt: at("10:44:00") }),
    ),
  );

  it("is of its kind, and of somebody whose word it is", () => {
    expect(firstThatCounts(commands, "verified")?.login).toBe("jane");
    expect(firstThatCounts(commands, "rollback")?.login).toBe("john");
    expect(firstThatCounts(commands, "override-post-mortem")).toBeNull();
  });

  it("happened when it was written", () => {
    expect(happening(firstThatCounts(commands, "verified"))).toEqual({
      at: at("10:43:00"),
      by: "jane",
      detail: "",
    });
    expect(happening(null)).toBeNull();
  });
});
