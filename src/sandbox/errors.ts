import type { Json } from "./types.ts";

/** GitHub refused: its status, and the body it answered. */
export class SandboxError extends Error {
  readonly status: number;
  readonly body: Json;
  /** Where the thing has moved to, with 301. */
  readonly location: string | undefined;
  constructor(status: number, body: Json, location?: string) {
    const message =
      body !== null && typeof body === "object" && !Array.isArray(body) ? body.message : undefined;
    const errors =
      body !== null && typeof body === "object" && !Array.isArray(body) ? body.errors : undefined;
    super(
      `${status}: ${typeof message === "string" ? message : JSON.stringify(body)}${errors ? ` ${JSON.stringify(errors)}` : ""}`,
    );
    this.name = "SandboxError";
    this.status = status;
    this.body = body;
    this.location = location;
  }
}

const docs = "https://docs.github.com/rest";

/** An error answer as GitHub words it. */
export function refuse(status: number, message: string, errors?: Json[]): SandboxError {
  return new SandboxError(status, {
    message,
    ...(errors ? { errors } : {}),
    documentation_url: docs,
    status: String(status),
  });
}

/** 301 for what was transferred. */
export const moved = (url: string): SandboxError =>
  new SandboxError(301, { message: "Moved Permanently", url, documentation_url: docs }, url);

export const notFound = (): SandboxError => refuse(404, "Not Found");

/** 422 with one field error. */
export function invalid(resource: string, field: string, code: string, message?: string): SandboxError {
  return refuse(422, "Validation Failed", [{ resource, field, code, ...(message ? { message } : {}) }]);
}
