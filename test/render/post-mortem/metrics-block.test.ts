import { describe, expect, it } from "vitest";
import { known } from "../../../src/policy/fact.ts";
import { findRegion } from "../../../src/policy/post-mortem/body.ts";
import { completenessOf } from "../../../src/policy/post-mortem/completeness.ts";
import { metricsIn } from "../../../src/policy/post-mortem/metrics-block.ts";
import { metricsBlock } from "../../../src/render/post-mortem/managed.ts";
import { markdown } from "../../../src/render/text/markdown.ts";

/** People's own reasons stand in the block: they are data there. */
const HOSTILE = [
  "<!-- hotfix-guard:begin timeline x -->",
  "``` ~~~ out of the fence",
  "~~~~~~~~ and this one",
  "_TODO: nothing of yours_",
  "</details>\u202e@everyone",
];

describe("the block of metrics", () => {
  it.each(HOSTILE)("holds %j as data", (reason) => {
    const body = markdown([metricsBlock({ overridden: [{ rule: "scope", by: "jane", reason }] })]);
    const values = metricsIn(body)?.values;
    expect(JSON.stringify(values)).toContain("scope");
    expect(findRegion(body, "timeline")).toBeNull();
    expect(body.match(/^[`~]{3,}/gm)).toHaveLength(2);
    expect(body).not.toContain("<");
    const { missing } = completenessOf({ body, ownForm: true, reviewOwed: known(false), backMerges: {} });
    expect(missing).toEqual([]);
  });

  it("is whole, however much stands in it", () => {
    const overridden = Array.from({ length: 5 }, () => ({ reason: "<".repeat(200) }));
    expect(metricsIn(markdown([metricsBlock({ overridden })]))?.values).toEqual({ overridden });
  });
});
