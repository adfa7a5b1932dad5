import { RequestError } from "@octokit/request-error";
import { describe, expect, it } from "vitest";
import { createLog } from "../../src/log.ts";

const TOKEN = "ghs_16C7e42F292c6912E7710c838347Ae178B4a";

function logged(write: (log: ReturnType<typeof createLog>) => void, format: "json" | "pretty" = "json") {
  let text = "";
  write(
    createLog(
      { level: "debug", format },
      {
        write(line) {
          text += line;
        },
      },
    ),
  );
  return text;
}

describe("the log", () => {
  it.each(["json", "pretty"] as const)(
    "says what failed, without headers, bodies and tokens (%s)",
    (format) => {
      const error = new RequestError("Not Found", 404, {
        request: {
          method: "POST",
          url: "https://api.github.com/x",
          headers: { authorization: `token ${TOKEN}` },
          body: { secret: "in the body" },
        },
        response: { status: 404, url: "", headers: {}, data: { secret: "in the answer" } },
      });
      const text = logged((log) => {
        log.error(error);
        log.child({ name: "probot" }).warn({ err: new Error("outer", { cause: error }) }, "failed");
        log.warn({ err: new AggregateError([error], "several") }, "failed");
      }, format);
      expect(text).toContain("Not Found");
      expect(text).toContain("POST https://api.github.com/x");
      expect(text).toContain("several");
      expect(text).not.toMatch(/in the body|in the answer|ghs_/);
    },
  );

  it("hides what looks like a token or a key wherever it stands", () => {
    const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjMifQ.c2lnbmF0dXJl";
    const text = logged((log) => {
      log.info({ url: `https://x-access-token:${TOKEN}@github.com` }, `with ${jwt}`);
      log.info("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----");
    });
    expect(text).not.toMatch(/16C7e42F|c2lnbmF0dXJl|MIIE/);
    expect(text.match(/\[hidden\]/g)).toHaveLength(3);
  });

  it("leaves out the bodies that Probot's Octokit logs", () => {
    const text = logged((log) => log.debug({ title: "a body" }, "GitHub request: PATCH https://x - 200"));
    expect(text).toContain("PATCH https://x - 200");
    expect(text).not.toContain("a body");
  });

  it("takes time linear in the length of a line", () => {
    // CPU time: the machine may be busy with other tests.
    const started = process.cpuUsage();
    logged((log) => {
      for (const piece of ["-eyJ", "eyJaaaaaaaa.", "gh", "-----BEGIN ", "ghs_", "v1."])
        log.info(piece.repeat(100_000));
    });
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(3_000);
  });
});
