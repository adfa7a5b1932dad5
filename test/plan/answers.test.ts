import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { planAnswers } from "../../src/plan/gate/answers.ts";
import { escalationPath } from "../../src/plan/post-mortem/called.ts";
import { type LateAnswers, planLateAnswers } from "../../src/plan/post-mortem/late-answers.ts";
import { parseCommand } from "../../src/policy/command.ts";
import { type Fact, known, unknown } from "../../src/policy/fact.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { CommandPlace, LateCommand } from "../../src/policy/post-mortem/commands.ts";
import type { Account } from "../../src/policy/snapshot/account.ts";
import type { Comment } from "../../src/policy/snapshot/history.ts";
import { answerMarker } from "../../src/render/gate/answers.ts";
import { mentionsOf } from "../../src/render/text/mention.ts";
import { situation } from "../render/situations.ts";
import { AUTHOR, at, MANAGER, snapshot } from "../support/snapshot.ts";
import { evaluated } from "./support.ts";

const POLICY = defaultPolicy();

const FREEZING: Policy = { ...POLICY, freeze: { severities: ["P1"] } };

function comment(id: number, body: string, more: Partial<Comment> = {}): Comment {
  const createdAt = at("10:12:00");
  return {
    id,
    author: MANAGER,
    byApp: false,
    body,
    createdAt,
    updatedAt: createdAt,
    url: `https://github.example/c/${id}`,
    ...more,
  };
}

/** What is answered to these comments on the open example: by comment, the first words. */
function answers(
  comments: readonly Comment[],
  given: Fact<ReadonlySet<string>> = known(new Set()),
  policy: Policy = POLICY,
) {
  const own = evaluated(situation(snapshot({ events: { comments } })), { answers: given });
  return planAnswers(own, policy).map((action) => {
    if (action.type !== "post-answer") throw new Error(action.type);
    expect(action.number).toBe(42);
    const [, id] = /hotfix-guard:answer (\d+)/.exec(action.marker) ?? [];
    expect(action.body).toContain(action.marker);
    return `${id}: ${action.body
      .replace(/<!--.*?-->/gs, "")
      .trim()
      .replaceAll("\n", " ")
      .slice(0, 60)}`;
  });
}

describe("answers to commands on an open pull request", () => {
  const app: Account = { login: "hotfix-guard[bot]", type: "Bot" };
  const cases: Readonly<Record<string, [readonly Comment[], readonly RegExp[]]>> = {
    "help is given": [[comment(1, "/hotfix help")], [/^1: /]],
    "an unknown command is told so": [[comment(1, "/hotfix recheckk")], [/^1: .*recheckk/]],
    "a re-run is answered by the check itself": [[comment(1, "/hotfix recheck")], []],
    "an override that counts is confirmed": [
      [comment(1, "/hotfix override scope the client changed")],
      [/^1: .*scope/],
    ],
    "an override by the author is refused": [
      [comment(1, "/hotfix override scope the client changed", { author: AUTHOR })],
      [/^1: .*(?:not|n't)/],
    ],
    "an override without a reason is told what is missing": [
      [comment(1, "/hotfix override scope")],
      [/^1: .*reason/i],
    ],
    "each override is answered for itself": [
      [
        comment(1, "/hotfix override scope the client changed"),
        comment(2, "/hotfix override diff-size it is generated", { author: AUTHOR }),
      ],
      [/^1: ☑️ .*scope/, /^2: ❌ .*diff-size/],
    ],
    "nothing can be verified before the merge": [
      [comment(1, "/hotfix verified")],
      [/^1: Not recorded: it isn't merged yet/],
    ],
    "nothing can be rolled back before the merge": [
      [comment(1, "/hotfix rollback")],
      [/^1: Nothing to roll back: not merged yet/],
    ],
    "a post-mortem is overridden elsewhere": [
      [comment(1, "/hotfix override post-mortem no time")],
      [/^1: ❌ The post-mortem stays open: there/],
    ],
    "what is no command is left alone": [[comment(1, "Looks good"), comment(2, "> /hotfix help")], []],
    "apps are not answered, this one neither": [
      [comment(1, "/hotfix help", { author: app, byApp: true }), comment(2, "/hotfix help", { author: app })],
      [],
    ],
    "an account that is gone is not answered": [[comment(1, "/hotfix help", { author: null })], []],
    "two at once, the others at the next run": [
      [comment(1, "/hotfix help"), comment(2, "/hotfix help"), comment(3, "/hotfix help")],
      [/^1: /, /^2: /],
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [comments, expected]) => {
    const found = answers(comments);
    expect(found).toHaveLength(expected.length);
    expected.forEach((pattern, i) => {
      expect(found[i]).toMatch(pattern);
    });
  });

  it.each<[string, Policy, Comment, string]>([
    ["where nothing freezes", POLICY, comment(1, "/hotfix unfreeze it has to go out"), "Nothing is frozen:"],
    ["by a role", FREEZING, comment(1, "/hotfix unfreeze it has to go out"), "☑️ Unfrozen by `jane`"],
    ["without a reason", FREEZING, comment(1, "/hotfix unfreeze"), "❌ Still frozen"],
    [
      "by nobody of a role",
      FREEZING,
      comment(1, "/hotfix unfreeze now", { author: AUTHOR }),
      "❌ Still frozen",
    ],
  ])("an end of a freeze, %s", (_, policy, asked, said) => {
    const others = [comment(8, "/hotfix unfreeze"), comment(9, "/hotfix unfreeze for the release")];
    const given = known(new Set(others.map(({ id }) => answerMarker(id))));
    expect(answers([asked, ...others], given, policy)).toEqual([expect.stringContaining(`1: ${said}`)]);
  });

  it("tell of the freeze where there is one", () => {
    const all = (policy: Policy) =>
      ["/hotfix help", "/hotfix hepl"].map((body) => {
        const own = evaluated(situation(snapshot({ events: { comments: [comment(1, body)] } })));
        const [action] = planAnswers(own, policy);
        return action?.type === "post-answer" && action.body.includes("`/hotfix unfreeze <reason>`");
      });
    expect([all(FREEZING), all(POLICY)]).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it("are given once, and come to an end", () => {
    const comments = [comment(1, "/hotfix help"), comment(2, "/hotfix help")];
    expect(answers(comments, known(new Set([answerMarker(1)])))).toEqual([expect.stringMatching(/^2: /)]);
    const many = new Set(Array.from({ length: 100 }, (__, i) => answerMarker(1_000 + i)));
    expect(answers(comments, known(many))).toEqual([]);
  });

  it("are none where it could not be read what was answered, or what was said", () => {
    expect(answers([comment(1, "/hotfix help")], unknown("the comments"))).toEqual([]);
    const own = evaluated(situation(snapshot({ history: unknown("the timeline") })));
    expect(planAnswers(own, POLICY)).toEqual([]);
  });
});

function late(
  id: number,
  body: string,
  counts: LateCommand["counts"] = known(true),
  place: CommandPlace = "post-mortem",
): LateCommand {
  const command = parseCommand(body);
  if (command === null) throw new Error(`no command: ${body}`);
  return { place, comment: comment(id, body), login: "jane", command, counts };
}

const LATE: LateAnswers = {
  commands: [],
  given: new Set(),
  numbers: { "pull-request": 42, "post-mortem": 57 },
  postMortem: { number: 57, url: "https://github.example/kamiyo/api/issues/57" },
  merged: true,
  rollback: {
    repository: snapshot().repository,
    number: 42,
    base: "main",
    sha: "d".repeat(40),
    how: { kind: "squash" },
  },
  tell: mentionsOf({ teams: ["managers"], users: ["carol"] }, "kamiyo"),
};

describe("answers to commands after the merge", () => {
  const bodies = (commands: readonly LateCommand[], more: Partial<LateAnswers> = {}) => {
    const { "pull-request": there, "post-mortem": here } = planLateAnswers(
      { ...LATE, commands, ...more },
      POLICY,
    );
    return [...there, ...here].map((action) =>
      action.type === "post-answer"
        ? `#${action.number} ${action.body.replace(/<!--.*?-->/gs, "").trim()}`
        : "",
    );
  };
  const cases: Readonly<Record<string, [LateCommand, RegExp | null]>> = {
    "verified, on record": [late(1, "/hotfix verified"), /^#57 /],
    "on the pull request: answered there": [
      late(1, "/hotfix verified", known(true), "pull-request"),
      /^#42 /,
    ],
    "verified by somebody who may not": [
      late(1, "/hotfix verified", known("no-write-access")),
      /write access/,
    ],
    "whether they may could not be read": [late(1, "/hotfix verified", unknown("the permission")), null],
    "let pass unfinished": [late(1, "/hotfix override post-mortem no time"), /no.*time/],
    "let pass by somebody without the role": [
      late(1, "/hotfix override post-mortem no time", known("not-in-role")),
      /engineering-manager/,
    ],
    "a rule is overridden too late": [late(1, "/hotfix override scope the client"), /merge/],
    "help is given": [late(1, "/hotfix help"), /rollback/],
    "an unknown command is told so": [late(1, "/hotfix verifed"), /verifed/],
    "a re-run is no question": [late(1, "/hotfix recheck"), null],
    "a rollback: the commands, and who is called": [
      late(1, "/hotfix rollback"),
      /@kamiyo\/managers[\s\S]*@carol[\s\S]*git revert --no-edit d{40}/,
    ],
    "a rollback asked for by anybody: the commands, and nobody is called": [
      late(1, "/hotfix rollback", known("no-write-access")),
      /^(?![\s\S]*@carol)[\s\S]*git revert/,
    ],
    "a rollback asked for by an edited comment": [late(1, "/hotfix rollback", known("edited")), null],
  };
  it.each(Object.entries(cases))("%s", (_, [command, expected]) => {
    const found = bodies([command]);
    if (expected === null) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringMatching(expected)]);
  });

  it("are none to a rollback where it could not be read how it landed", () => {
    expect(bodies([late(1, "/hotfix rollback")], { rollback: null })).toEqual([]);
  });

  it("are a few at a time, each once, and come to an end", () => {
    const three = [late(1, "/hotfix help"), late(2, "/hotfix help"), late(3, "/hotfix help")];
    expect(bodies(three)).toHaveLength(2);
    expect(bodies(three, { given: new Set([answerMarker(1), answerMarker(2)]) })).toHaveLength(1);
    const many = new Set(Array.from({ length: 100 }, (__, i) => answerMarker(1_000 + i)));
    expect(bodies(three, { given: many })).toEqual([]);
  });
});

describe("who is called for a rollback", () => {
  const named = (policy: Partial<Policy>, severity: "P0" | "P1" | null) =>
    escalationPath({ ...POLICY, ...policy }, "kamiyo", severity).map((node) =>
      "value" in node ? node.value : "",
    );
  const role = (users: readonly string[], teams: readonly string[] = []) => ({
    users,
    teams,
    permission: "write" as const,
  });
  const roles = { "on-call": role(["olga"], ["kamiyo/on-call"]), cto: role(["carol", "olga"]) };
  const escalation = [
    { after: 0, severities: ["P0"] as const, notify: ["cto"] },
    { after: 60_000, severities: ["P0", "P1"] as const, notify: ["on-call", "nobody"] },
  ];
  it.each([
    ["those of the severity", { roles, escalation }, "P1", ["@kamiyo/on-call", "@olga"]],
    ["each once", { roles, escalation }, "P0", ["@carol", "@olga", "@kamiyo/on-call"]],
    [
      "of every step where the severity is not known",
      { roles, escalation },
      null,
      ["@carol", "@olga", "@kamiyo/on-call"],
    ],
    ["nobody where roles name nobody", { escalation }, "P0", []],
    ["nobody where the app only observes", { roles, escalation, mode: "observe" }, "P0", []],
  ] as const)("%s", (_, policy, severity, expected) => {
    expect(named(policy, severity).toSorted()).toEqual([...expected].toSorted());
  });
});
