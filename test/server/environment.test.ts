import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { describeProblems, type Environment, readEnvironment } from "../../src/environment.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const PKCS8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const PUBLIC = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const EC = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const SECRET = "a-long-and-random-secret";
const GOOD = { APP_ID: "7", PRIVATE_KEY: PEM, WEBHOOK_SECRET: SECRET };

type Variables = Record<string, string | undefined>;

function read(more: Variables = {}, files: Record<string, string> = {}) {
  return readEnvironment({ ...GOOD, ...more }, (path) => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return content;
  });
}

function environmentOf(more: Variables = {}, files = {}): Environment {
  const reading = read(more, files);
  if (!reading.ok) throw new Error(describeProblems(reading.problems, "absent"));
  return reading.environment;
}

function warningsOf(more: Variables) {
  const reading = read(more);
  return reading.ok ? reading.warnings.join("\n") : "";
}

function problemsOf(more: Variables, files = {}) {
  const reading = read(more, files);
  return reading.ok ? [] : reading.problems;
}

describe("the environment", () => {
  it("has defaults for all but the app", () => {
    expect(environmentOf()).toEqual({
      appId: 7,
      privateKey: PKCS8,
      webhookSecret: SECRET,
      baseUrl: "https://api.github.com",
      host: "127.0.0.1",
      port: 3000,
      webhookPath: "/api/github/webhooks",
      logLevel: "info",
      logFormat: "pretty",
      sweepIntervalMs: 60_000,
      slackWebhookUrl: null,
      docsUrl: null,
      redisUrl: null,
      metricsPort: null,
      metricsToken: null,
      stateFolder: expect.stringMatching(/hotfix-guard$/),
    });
    expect(warningsOf({})).toBe("");
  });

  it("takes what is set", () => {
    const set = {
      GHE_HOST: "127.0.0.1:4600",
      GHE_PROTOCOL: "http",
      HOST: "0.0.0.0",
      PORT: "0",
      WEBHOOK_PATH: "/hooks",
      LOG_LEVEL: "WARN",
      NODE_ENV: "production",
      HOTFIX_SWEEP_INTERVAL: "1h",
    };
    expect(environmentOf(set)).toMatchObject({
      baseUrl: "http://127.0.0.1:4600/api/v3",
      host: "0.0.0.0",
      port: 0,
      webhookPath: "/hooks",
      logLevel: "warn",
      logFormat: "json",
      sweepIntervalMs: 3_600_000,
    });
    expect(environmentOf({ GHE_HOST: "github.example.com" }).baseUrl).toBe(
      "https://github.example.com/api/v3",
    );
    expect(environmentOf({ HOTFIX_SWEEP_INTERVAL: "off" }).sweepIntervalMs).toBeNull();
    for (const url of ["https://hooks.slack.com/services/T0/B0/x", "http://127.0.0.1:4000/hook"])
      expect(environmentOf({ HOTFIX_SLACK_WEBHOOK_URL: url }).slackWebhookUrl).toBe(url);
    expect(environmentOf().docsUrl).toBeNull();
    for (const url of ["https://docs.example.com/hotfix", "https://docs.example.com/hotfix/"])
      expect(environmentOf({ HOTFIX_DOCS_URL: url }).docsUrl).toBe("https://docs.example.com/hotfix");
  });

  const keys: readonly (readonly [string, string])[] = [
    ["PKCS#1 with line breaks", PEM],
    ["PKCS#8", PKCS8],
    ["CRLF", PEM.replaceAll("\n", "\r\n")],
    ["escaped line breaks", PEM.replaceAll("\n", "\\n")],
    ["escaped line breaks in quotes", `"${PEM.replaceAll("\n", "\\n")}"`],
    ["base64", Buffer.from(PEM).toString("base64")],
    [
      "base64 in lines",
      (
        Buffer.from(PEM)
          .toString("base64")
          .match(/.{1,76}/g) ?? []
      ).join("\n"),
    ],
    ["spaces for line breaks", PEM.replaceAll("\n", " ")],
    ["nothing for line breaks", PEM.replaceAll("\n", "")],
    ["space around it", `\n  ${PEM}\n`],
  ];
  it.each(keys)("takes a private key with %s", (_name, value) => {
    expect(environmentOf({ PRIVATE_KEY: value }).privateKey).toBe(PKCS8);
  });

  it("takes a private key from a file", () => {
    const privateKey = environmentOf(
      { PRIVATE_KEY: "", PRIVATE_KEY_PATH: "key.pem" },
      { "key.pem": PEM },
    ).privateKey;
    expect(privateKey).toBe(PKCS8);
  });

  const broken: readonly (readonly [name: string, set: Variables, variable: string, what: RegExp])[] = [
    ["no app", { APP_ID: undefined }, "APP_ID", /missing/],
    ["an empty app", { APP_ID: " " }, "APP_ID", /missing/],
    ["an app that is no number", { APP_ID: "Iv1.abc" }, "APP_ID", /not a number/],
    ["app 0", { APP_ID: "0" }, "APP_ID", /not a number/],
    ["no key", { PRIVATE_KEY: undefined }, "PRIVATE_KEY", /missing/],
    ["no PEM", { PRIVATE_KEY: "hello" }, "PRIVATE_KEY", /no PEM/],
    ["a key cut off", { PRIVATE_KEY: PEM.slice(0, 600) }, "PRIVATE_KEY", /cut off or damaged/],
    ["a damaged key", { PRIVATE_KEY: PEM.replace(/\n.{20}/, "\n") }, "PRIVATE_KEY", /cut off or damaged/],
    ["the public key", { PRIVATE_KEY: PUBLIC }, "PRIVATE_KEY", /public key/],
    ["another kind of key", { PRIVATE_KEY: EC }, "PRIVATE_KEY", /type ec/],
    [
      "no key file",
      { PRIVATE_KEY: "", PRIVATE_KEY_PATH: "nope.pem" },
      "PRIVATE_KEY_PATH",
      /ENOENT.*nope\.pem/,
    ],
    ["no secret", { WEBHOOK_SECRET: "" }, "WEBHOOK_SECRET", /missing/],
    [
      "the known secret",
      { WEBHOOK_SECRET: "development", NODE_ENV: "production" },
      "WEBHOOK_SECRET",
      /everybody knows/,
    ],
    ["an address as host", { GHE_HOST: "https://github.example.com" }, "GHE_HOST", /not a host name/],
    ["another protocol", { GHE_HOST: "x", GHE_PROTOCOL: "ftp" }, "GHE_PROTOCOL", /neither/],
    ["a port that is none", { PORT: "70000" }, "PORT", /not a port/],
    ["a port with a sign", { PORT: "-1" }, "PORT", /not a port/],
    ["a path that is taken", { WEBHOOK_PATH: "/healthz" }, "WEBHOOK_PATH", /not a path/],
    ["a path without slash", { WEBHOOK_PATH: "hooks" }, "WEBHOOK_PATH", /not a path/],
    ["a level that is none", { LOG_LEVEL: "loud" }, "LOG_LEVEL", /none of/],
    ["an interval without unit", { HOTFIX_SWEEP_INTERVAL: "10" }, "HOTFIX_SWEEP_INTERVAL", /not a duration/],
    ["an interval too short", { HOTFIX_SWEEP_INTERVAL: "0m" }, "HOTFIX_SWEEP_INTERVAL", /not a duration/],
    [
      "a Slack address without TLS",
      { HOTFIX_SLACK_WEBHOOK_URL: "http://hooks.slack.com/s/hush" },
      "HOTFIX_SLACK_WEBHOOK_URL",
      /^is not an https address$/,
    ],
    [
      "a Slack address that looks like this machine",
      { HOTFIX_SLACK_WEBHOOK_URL: "http://127.0.0.1.evil.example/" },
      "HOTFIX_SLACK_WEBHOOK_URL",
      /not an https/,
    ],
    [
      "a Slack address that is none",
      { HOTFIX_SLACK_WEBHOOK_URL: "#alerts" },
      "HOTFIX_SLACK_WEBHOOK_URL",
      /not an https/,
    ],
    ["documentation that is none", { HOTFIX_DOCS_URL: "docs" }, "HOTFIX_DOCS_URL", /not an address/],
    [
      "documentation that is a script",
      { HOTFIX_DOCS_URL: "javascript:x" },
      "HOTFIX_DOCS_URL",
      /not an address/,
    ],
    [
      "documentation with a query",
      { HOTFIX_DOCS_URL: "https://x.example/?p=" },
      "HOTFIX_DOCS_URL",
      /not an address/,
    ],
    [
      "documentation that ends a link",
      { HOTFIX_DOCS_URL: "https://x.example/a)b" },
      "HOTFIX_DOCS_URL",
      /not an address/,
    ],
    ["a port of metrics that is none", { HOTFIX_METRICS_PORT: "70000" }, "HOTFIX_METRICS_PORT", /not a port/],
    ["any port for metrics", { HOTFIX_METRICS_PORT: "0" }, "HOTFIX_METRICS_PORT", /not a port/],
    [
      "one port for metrics and webhooks",
      { PORT: "8080", HOTFIX_METRICS_PORT: "8080" },
      "HOTFIX_METRICS_PORT",
      /the port of webhooks/,
    ],
    [
      "the port that webhooks have where none is set",
      { HOTFIX_METRICS_PORT: "3000" },
      "HOTFIX_METRICS_PORT",
      /the port of webhooks/,
    ],
    ["an interval too long", { HOTFIX_SWEEP_INTERVAL: "99999d" }, "HOTFIX_SWEEP_INTERVAL", /not a duration/],
  ];
  it.each(broken)("refuses %s", (_name, set, variable, what) => {
    const problems = problemsOf(set);
    expect(problems.map((problem) => problem.variable)).toEqual([variable]);
    expect(problems[0]?.what).toMatch(what);
  });

  it("names all problems at once, and no secret", () => {
    const set = {
      APP_ID: "x",
      PRIVATE_KEY: PEM.slice(0, 900),
      PORT: "x",
      WEBHOOK_SECRET: "development",
      NODE_ENV: "production",
    };
    const problems = problemsOf(set);
    expect(problems).toHaveLength(4);
    const text = describeProblems(problems, "absent");
    for (const { variable, what, fix } of problems) {
      expect(text).toContain(`${variable} ${what}`);
      expect(text).toContain(fix);
    }
    for (const line of PEM.split("\n").slice(1, -2)) expect(text).not.toContain(line);
  });

  const warned: readonly (readonly [name: string, set: Variables, warning: RegExp])[] = [
    ["the known secret", { WEBHOOK_SECRET: "development" }, /WEBHOOK_SECRET.*everybody knows/],
    ["a short secret", { WEBHOOK_SECRET: "short-one" }, /shorter than 16/],
    ["a setting that is misspelt", { HOTFIX_SWEEP_INTERVALL: "5m" }, /did you mean HOTFIX_SWEEP_INTERVAL\?/],
    ["a setting that does not exist", { HOTFIX_COLOUR: "red" }, /HOTFIX_COLOUR is not a setting$/],
    ["a protocol without host", { GHE_PROTOCOL: "http" }, /no effect/],
  ];
  it.each(warned)("warns of %s, without the value", (_name, set, warning) => {
    const text = warningsOf(set);
    expect(text).toMatch(warning);
    expect(text).not.toMatch(/short-one|:pass@/);
  });
});
