import type { DesiredCheck } from "../../policy/action.ts";
import type { Annotation } from "../../policy/verdict.ts";
import { PER_PAGE, readPages } from "../api/read.ts";
import type { GateRun } from "../collect/check/gates.ts";
import type { ApplyContext } from "./context.ts";
import { cut, cutLine } from "./cut.ts";

/** GitHub takes so many annotations a request; those of later requests are added to them. */
const ANNOTATIONS_A_REQUEST = 50;

/** An annotation, as GitHub's requests have it. */
export interface RawAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: Annotation["level"];
  title: string;
  message: string;
}

/** GitHub adds annotations and never takes one away: only those go out that the run has not yet. */
export async function missingAnnotations(
  { client, repo }: ApplyContext,
  check: DesiredCheck,
  existing: GateRun | undefined,
): Promise<readonly RawAnnotation[]> {
  const desired = check.annotations.map(toRaw);
  if (existing === undefined || desired.length === 0) return desired;
  const there = await readPages("the annotations", (page) =>
    client.octokit.rest.checks.listAnnotations({
      ...repo,
      check_run_id: existing.id,
      per_page: PER_PAGE,
      page,
    }),
  );
  // The decision must not wait for this: better one shown twice than a check that is not written.
  if (!there.known) return desired;
  const keys = new Set(there.value.map(annotationKey));
  return desired.filter((annotation) => !keys.has(annotationKey(annotation)));
}

function annotationKey(a: {
  path: string;
  start_line: number;
  title: string | null;
  message: string | null;
}): string {
  return JSON.stringify([a.path, a.start_line, a.title, a.message]);
}

function toRaw({ path, startLine, endLine, level, title, message }: Annotation): RawAnnotation {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    title: cutLine(title, 255),
    // At most 64 KB: four bytes a character at worst.
    message: cut(message, 16_000),
  };
}

/** In as many as go out with one request. */
export function inBatches(annotations: readonly RawAnnotation[]): RawAnnotation[][] {
  return Array.from({ length: Math.ceil(annotations.length / ANNOTATIONS_A_REQUEST) }, (_, i) =>
    annotations.slice(i * ANNOTATIONS_A_REQUEST, (i + 1) * ANNOTATIONS_A_REQUEST),
  );
}
