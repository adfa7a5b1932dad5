import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

/**
 * Spans by OpenTelemetry's API alone: whoever runs the app registers an SDK, or nothing happens (the API's
 * tracer does nothing then). Attributes are ids, numbers and fixed words, never people's text.
 */
const tracer = trace.getTracer("hotfix-guard");

/** How a span is begun. */
export interface SpanOptions {
  readonly kind?: "consumer" | "client";
  readonly attributes?: Attributes;
  /** Where it belongs, as `traceparent` gave it; not set: to what is under way here. */
  readonly parent?: string | undefined;
}

const KINDS = { consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };

/** Does the work in a span of its own. A failure is the work's, and marks the span without its message. */
export async function inSpan<T>(
  name: string,
  { kind, attributes = {}, parent }: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const options = { attributes, kind: kind === undefined ? SpanKind.INTERNAL : KINDS[kind] };
  const where =
    parent === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, { traceparent: parent });
  return tracer.startActiveSpan(name, options, where, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      if (error instanceof Error) span.setAttribute("error.type", error.name);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** As `inSpan`, for what is decided at once. */
export function spanOf<T>(name: string, work: (span: Span) => T): T {
  return tracer.startActiveSpan(name, (span) => {
    try {
      return work(span);
    } finally {
      span.end();
    }
  });
}

/** What is under way here, for what is done later or elsewhere; `undefined`: nobody records it. */
export function traceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
