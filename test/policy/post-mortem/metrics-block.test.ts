import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import { affectedArea, checklistsFor } from "../../../src/policy/post-mortem/affected.ts";
import { linkedIssues, withTicks } from "../../../src/policy/post-mortem/item-issues.ts";
import { mayHaveItemDue } from "../../../src/policy/post-mortem/item-reminders.ts";
import { mergedMetrics, metricsIn } from "../../../src/policy/post-mortem/metrics-block.ts";
import { MERGES } from "../../render/situations.ts";
import { file, snapshot } from "../../support/snapshot.ts";

const block = (json: string, fence = "```", info = "json") => `${fence}${info}\n${json}\n${fence}`;
const own = (n: number) => `{"hotfix-guard": {"n": ${n}}}`;

describe("the block of metrics in a body", () => {
  it.each<[what: string, before: string, there: string, after: string, n: number | null]>([
    ["alone", "", block(own(1)), "", 1],
    ["between text", "Hello\n\n", block(own(1)), "\n\nBye\n", 1],
    ["fenced by tildes", "", block(own(1), "~~~"), "", 1],
    [
      "of a longer fence, with a shorter one in it",
      "",
      block(`{"x": "\n"}`.replace("\n", "```"), "````").replace('{"x"', '{"hotfix-guard": {"n": 1}, "x"'),
      "\n",
      1,
    ],
    ["behind another block", `${block('{"other": 1}')}\n`, block(own(1)), "", 1],
    ["the one that can be read", `${block('{"hotfix-guard": oops')}\n`, block(own(1)), "", 1],
    ["the first of two", "", block(own(1)), `\n${block(own(2))}`, 1],
    ["behind a fence that nothing closes", "````\nleft open\n\n", block(own(1)), "\n", 1],
    ["behind two of them", "````\n~~~~~\nx\n", block(own(1)), "", 1],
    ["of which no JSON is left", "a\n", block('{"hotfix-guard": oops'), "\nb", null],
    ["of which a list is left", "", block('["hotfix-guard"]'), "", null],
    ["whose key has no values any more", "", block('{"hotfix-guard": null}'), "", null],
    ["whose key stands deeper", "", block('{"x": {"hotfix-guard": {"n": 1}}}'), "", null],
  ])("%s", (_what, before, there, after, n) => {
    const body = before + there + after;
    const found = metricsIn(body);
    expect(found?.values ?? null).toEqual(n === null ? null : { n });
    expect(body.slice(found?.start, found?.end)).toBe(there);
  });

  it.each([
    ["no block", "Hello"],
    ["a block without the key", block('{"other": 1}')],
    ["the key outside of a block", `"hotfix-guard" ${block("{}")}`],
    ["a block that is not closed", `\`\`\`json\n${own(1)}`],
    [
      "behind more open fences than anybody writes",
      `${"````\n".repeat(1)}${"~~~~~a\n".repeat(40)}${block(own(1))}`,
    ],
  ])("none: %s", (_what, body) => expect(metricsIn(body)).toBeNull());

  it("keeps what people have filled in and added; the app's word goes before where all could be read", () => {
    const metrics = { severity: "P1", author: null, closed_at: null, late: true } as never;
    const there = { severity: "P0", author: "anna", closed_at: "then", ours: 1, late: null };
    expect(mergedMetrics(there, metrics, true)).toEqual({
      severity: "P1",
      author: "anna",
      closed_at: null,
      ours: 1,
      late: true,
    });
    expect(mergedMetrics(there, metrics, false)).toEqual({ ...there, late: true });
  });
});

describe("what is to be verified", () => {
  const { policy } = MERGES.ready();
  const with_ = {
    ...policy,
    components: { shop: ["src/shop/**"], tools: ["tools/**"] },
    verification: { ...policy.verification, checklists: { shop: ["Buy something"], tools: ["Run it"] } },
  };
  it.each<[what: string, paths: readonly string[], kinds: readonly string[]]>([
    ["that of a component, one of whose files was changed", ["README.md", "src/shop/cart.py"], ["shop"]],
    ["of each of them", ["src/shop/cart.py", "tools/x.sh"], ["shop", "tools"]],
    ["none", ["README.md"], []],
  ])("%s", (_what, paths, kinds) => {
    const one = snapshot({ files: known(paths.map((path) => file(path))) });
    expect(checklistsFor(one, [], with_).map(({ kind }) => kind)).toEqual(kinds);
  });

  it("none of a component where the files could not be read", () => {
    const catchAll = { ...with_, components: { shop: ["**"] } };
    expect(checklistsFor(snapshot({ files: unknown("502") }), [], catchAll)).toEqual([]);
  });
});

describe("what was affected", () => {
  const { policy } = MERGES.ready();
  const shop = { ...policy, components: { shop: ["src/shop/**"] } };
  const area = (paths: readonly string[], by = shop) =>
    affectedArea(snapshot({ files: known(paths.map((path) => file(path))) }), by);
  it.each<[what: string, paths: readonly string[], affected: string | null]>([
    ["the component", ["src/shop/cart.py"], "shop"],
    ["a directory that is none", ["src/payments/stripe.py"], "src/payments/"],
    ["not what was only tested", ["test/a/x.test.ts", "test/a/y.test.ts", "src/shop/cart.py"], "shop"],
    ["nor what was only documented", ["docs/a.md", "docs/b.md", "docs/c.md", "src/shop/cart.py"], "shop"],
    ["no file", [], null],
  ])("%s", (_what, paths, affected) => expect(area(paths)).toBe(affected));

  it("is not known where the files are not", () => {
    expect(affectedArea(snapshot({ files: unknown("502") }), shop)).toBeNull();
    expect(area(["docs/a.md"])).not.toBeNull();
  });
});

describe("items in the body", () => {
  const item = "- [ ] #12 Alert on rejects";
  const closed = { "12": known({ closed: true, assigned: true, scheduled: true }) };
  it.each<[what: string, body: string, is: boolean]>([
    ["under the heading", `## Action Items\n\n${item}`, true],
    ["under another heading", `## Timeline\n\n${item}`, false],
    ["in code", `## Action Items\n\n\`\`\`\n${item}\n\`\`\``, false],
    ["behind code", `## Action Items\n\n~~~\nx\n~~~\n${item}`, true],
    ["a heading in code ends nothing", `## Action Items\n\n\`\`\`\n# x\n\`\`\`\n${item}`, true],
    ["behind the next heading", `## Action Items\n\n# Metrics\n${item}`, false],
  ])("of closed issues are ticked: %s", (_what, body, is) => {
    expect(linkedIssues(body)).toEqual(is ? [12] : []);
    expect(withTicks(body, closed)).toBe(is ? body.replace("[ ]", "[x]") : body);
  });

  it.each([
    ["2025-10-11T00:00:00Z", false],
    ["2025-10-12T12:00:00Z", true],
    ["2025-10-20T12:00:00Z", true],
    ["2025-10-27T12:00:00Z", true],
    ["2025-10-29T00:00:00Z", false],
  ])("may be to remind of from a week before its day to a week behind it: %s %s", (now, may) => {
    const body = "## Action Items\n\n- [ ] Alert on rejects, @jane, 2025-10-20\n";
    expect(mayHaveItemDue(body, new Date(now))).toBe(may);
  });
});
