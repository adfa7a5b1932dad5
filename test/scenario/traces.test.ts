import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HAS_REDIS, startRedis } from "../jobs/redis-server.ts";
import { JOHN, serve, startScenario } from "./support.ts";

/** Traces, as whoever registers an SDK of OpenTelemetry gets them. */

const exporter = new InMemorySpanExporter();

beforeAll(() => {
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});

afterAll(() => {
  for (const api of [trace, context, propagation]) api.disable();
});

it("from the delivery to each request of the verdict, with ids and fixed words alone", async () => {
  const s = await startScenario();
  try {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await s.idle();
    const spans = exporter.getFinishedSpans();
    const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
    const path = (span: ReadableSpan): string => {
      const parent = byId.get(span.parentSpanContext?.spanId ?? "");
      return parent === undefined ? span.name : `${path(parent)} → ${span.name}`;
    };
    const root = "delivery → job pull-request";
    const paths = spans.map(path);
    for (const one of [
      `${root} → collect`,
      `${root} → evaluate`,
      `${root} → plan`,
      `${root} → collect → GitHub GET /repos/{owner}/{repo}/pulls/{pull_number}`,
      `${root} → carry out → GitHub POST /repos/{owner}/{repo}/check-runs`,
      // What people read belongs to the same trace.
      `${root} → carry out → job conversation → carry out → GitHub POST /repos/{owner}/{repo}/issues/{issue_number}/comments`,
    ])
      expect(paths).toContain(one);

    const { guid } = s.sandbox.deliveries.find(({ event }) => event === "pull_request") ?? {};
    const job = spans.find(({ name }) => name === "job pull-request");
    expect(job?.attributes).toMatchObject({
      "github.delivery": guid,
      "github.pull_request": number,
      "github.installation.id": expect.any(Number),
      "github.repository.id": expect.any(Number),
    });
    expect(
      spans.filter(({ name }) => name === "carry out").map((span) => span.attributes["hotfix.conclusion"]),
    ).toContain("action_required");
    expect(spans.find(({ name }) => name === "evaluate")?.attributes["hotfix.outcome"]).toBe(
      "action_required",
    );

    const said = JSON.stringify(
      spans.map(({ name, attributes, status, events }) => ({ name, attributes, status, events })),
    );
    for (const text of [JOHN, "Stripe", "stripe-webhook", "ghs_", s.sandbox.app.webhookSecret, "BEGIN"])
      expect(said).not.toContain(text);
  } finally {
    await s.close();
  }
}, 120_000);

it.skipIf(!HAS_REDIS)(
  "through Redis too, whichever instance does the job",
  async () => {
    exporter.reset();
    const redis = await startRedis();
    const env = { REDIS_URL: redis.url };
    const s = await startScenario({ env });
    // Takes no events, only jobs.
    const { url } = s;
    const other = await serve(s.sandbox, { env });
    s.sandbox.setWebhookUrl(`${url}/api/github/webhooks`);
    try {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await s.idle();
      const spans = exporter.getFinishedSpans();
      const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
      const jobs = spans.filter(
        ({ name, attributes }) => name === "job pull-request" && attributes["github.delivery"] !== undefined,
      );
      expect(jobs.length).toBeGreaterThan(0);
      const rootOf = (span: ReadableSpan): ReadableSpan => {
        const parent = byId.get(span.parentSpanContext?.spanId ?? "");
        return parent === undefined ? span : rootOf(parent);
      };
      for (const job of jobs) {
        const { name, attributes } = rootOf(job);
        expect(name).toBe("delivery");
        expect(attributes["github.delivery"]).toBe(job.attributes["github.delivery"]);
      }
      const traces = new Set(jobs.map((job) => job.spanContext().traceId));
      const checks = spans.filter(
        ({ name }) => name.startsWith("GitHub POST") && name.endsWith("/check-runs"),
      );
      expect(checks.some((span) => traces.has(span.spanContext().traceId))).toBe(true);
    } finally {
      await other.close();
      await s.close();
      await redis.stop();
    }
  },
  120_000,
);
