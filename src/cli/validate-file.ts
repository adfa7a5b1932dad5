import { parseDocument } from "yaml";
import { type ConfigProblem, type ConfigSource, parseConfig, readExtends } from "../config/index.ts";

/** What can be said of one file, by itself. */
export interface CheckedFile {
  readonly file: string;
  /** `empty`: valid, and without any key, so that all defaults hold. */
  readonly state: "valid" | "empty" | "invalid" | "unreadable";
  /** Why it could not be read. */
  readonly reason?: string;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
  /** Worth knowing, and nothing wrong. */
  readonly notes?: readonly ConfigProblem[];
  /** The file that it extends, `repo:path`, which was not read. */
  readonly extended: string | null;
}

/** What there is to say of one configuration file by itself; what it `extends` is not read. */
export function checkFile(source: ConfigSource): CheckedFile {
  const { file } = source;
  const result = parseConfig([source], { alone: true });
  const reference = readExtends(source);
  const extended = reference !== null && "repo" in reference ? `${reference.repo}:${reference.path}` : null;
  if ("problems" in result)
    return { file, state: "invalid", problems: result.problems, warnings: [], extended };
  return {
    file,
    state: isEmpty(source) ? "empty" : "valid",
    problems: [],
    warnings: result.warnings,
    extended,
  };
}

/** The file is valid, so it can be parsed, and is not large. */
function isEmpty({ bytes }: ConfigSource): boolean {
  const value: unknown = parseDocument(new TextDecoder().decode(bytes)).toJS();
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}
