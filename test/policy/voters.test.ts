import { expect, test } from "vitest";
import { type Claim, votesOf } from "../../src/policy/voters.ts";

/** `number base author`; writers have a capital letter, production branches are `main` and `release-1`. */
const claim = (text: string): Claim => {
  const [number, base = "", author = null] = text.split(" ");
  return { number: Number(number), base, author };
};
const mayWrite = (login: string) => /^[A-Z]/.test(login);
const isProduction = (base: string) => ["main", "release-1"].includes(base);

test.each<{ name: string; claims: readonly string[]; voting: readonly number[] }>([
  { name: "one alone, whoever opened it", claims: ["1 main mallory"], voting: [1] },
  { name: "one alone to a development branch", claims: ["1 develop mallory"], voting: [1] },
  { name: "two of people with write access", claims: ["1 main Ann", "2 release-1 Bob"], voting: [1, 2] },
  {
    name: "a stranger's copy to the same base has no say",
    claims: ["1 main Ann", "2 main mallory"],
    voting: [1],
  },
  {
    name: "a stranger's to another production branch has: it would land there",
    claims: ["1 main Ann", "2 release-1 mallory"],
    voting: [1, 2],
  },
  {
    name: "a stranger's to a development branch has none",
    claims: ["1 main Ann", "2 develop mallory"],
    voting: [1],
  },
  {
    name: "somebody without write access, and a writer's ordinary one to a development branch",
    claims: ["1 main former", "2 develop Ann"],
    voting: [1, 2],
  },
  {
    name: "strangers among themselves: each to a production branch decides",
    claims: ["1 main mallory", "2 main eve", "3 release-1 eve", "4 develop eve"],
    voting: [1, 2, 3],
  },
  {
    name: "strangers to a development branch only",
    claims: ["1 develop mallory", "2 develop eve"],
    voting: [1, 2],
  },
  { name: "an account that is gone has no write access", claims: ["1 main", "2 main Ann"], voting: [2] },
  {
    name: "a writer's settles its own base only",
    claims: ["1 main Ann", "2 main mallory", "3 release-1 mallory", "4 release-1 eve"],
    voting: [1, 3, 4],
  },
])("$name", ({ claims, voting }) => {
  const all = claims.map(claim);
  const votes = votesOf(all, mayWrite, isProduction);
  expect(votes.voting.map(({ number }) => number)).toEqual(voting);
  expect([...votes.voting, ...votes.bystanders].length).toBe(all.length);
});
