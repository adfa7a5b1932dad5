/**
 * The embedded GitHub: a stateful imitation of the part of GitHub's REST API and webhooks that an app like
 * ours uses, on real bare git repositories in a temporary folder. It knows nothing of the app that is tested
 * against it.
 *
 * This file is the whole public surface. See README.md beside it for what is and what is not modeled.
 */
export { SandboxError } from "./errors.ts";
export { startSandbox } from "./sandbox.ts";
export type * from "./types.ts";
