import type { Job } from "../../jobs/queue.ts";
import { numberAt, textAt } from "../payload.ts";
import type { Context } from "./context.ts";

/**
 * Only a success changes anything: what is under way, failed, or made inactive by the next one is not on
 * production.
 */
export function ofDeploymentStatus({ payload, repository }: Context): readonly Job[] {
  const id = numberAt(payload, "deployment", "id");
  const succeeded = textAt(payload, "deployment_status", "state") === "success";
  if (repository === null || id === undefined || !succeeded) return [];
  return [{ key: { ...repository, kind: "deployment", id }, hint: {} }];
}

const CALLBACK = /\/actions\/runs\/(\d{1,15})\/deployment_protection_rule$/;

/**
 * The address that GitHub wants the answer at names the run; nothing else of the event is needed, nor is it
 * ever asked.
 */
export function ofProtectionRule({ payload, repository }: Context): readonly Job[] {
  const run = CALLBACK.exec(textAt(payload, "deployment_callback_url") ?? "")?.[1];
  return repository === null || run === undefined
    ? []
    : [{ key: { ...repository, kind: "waiting-run", run: Number(run) }, hint: {} }];
}
