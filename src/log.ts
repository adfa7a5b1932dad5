import { type DestinationStream, type Logger, pino } from "pino";
import { prettyFactory } from "pino-pretty";
import type { LogLevel } from "./environment.ts";
import { currentFields } from "./jobs/work.ts";

/** What tokens look like, wherever they turn up: GitHub's own, JSON web tokens, private keys. */
const SECRETS =
  /\b(?:gh[a-z]_[\w.-]{16,}|github_pat_\w{16,}|v1\.[0-9a-f]{40}|eyJ[\w-]{8,256}\.[\w-]{8,1024}\.[\w-]+)|-----BEGIN [A-Z ]{0,32}KEY-----[^-]*/g;

/**
 * The log of the process. Lines hold no tokens, keys or bodies: errors are cut down to what tells what
 * happened, and what looks like a token is hidden.
 */
export function createLog(
  { level, format }: { readonly level: LogLevel; readonly format: "json" | "pretty" },
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  const prettify = prettyFactory({ ignore: "pid,hostname" });
  const stream =
    format === "json" ? destination : { write: (line: string) => destination.write(prettify(line) ?? "") };
  return pino(
    {
      level,
      // Lines about a job name what it concerns, whoever writes them.
      mixin: currentFields,
      serializers: { err: (error: unknown) => describeError(error) },
      hooks: {
        streamWrite: (line) => line.replace(SECRETS, "[hidden]"),
        logMethod(args, method) {
          const [fields, message] = args as unknown[];
          // Probot's Octokit logs the body of each request.
          if (
            typeof message === "string" &&
            message.startsWith("GitHub request: ") &&
            typeof fields === "object"
          ) {
            method.call(this, message);
          } else method.apply(this, args);
        },
      },
    },
    stream,
  );
}

interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly status?: number;
  readonly request?: string;
  readonly cause?: ErrorFields;
  readonly errors?: readonly ErrorFields[];
}

/** An error without its properties: Octokit's hold headers and bodies. */
function describeError(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { status, request } = error as { status?: unknown; request?: { method?: unknown; url?: unknown } };
  return {
    type: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(typeof status === "number" ? { status } : {}),
    ...(typeof request?.url === "string" ? { request: `${request.method} ${request.url}` } : {}),
    ...(error.cause === undefined || depth > 2 ? {} : { cause: describeError(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && depth <= 2
      ? { errors: error.errors.slice(0, 5).map((one) => describeError(one, depth + 1)) }
      : {}),
  };
}
