import type { ConfigSource } from "../../../config/index.ts";
import type { Fact } from "../../../policy/fact.ts";
import type { ConfigProblem } from "../../../policy/verdict.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { describeFailure, read, UnexpectedAnswer } from "../../api/read.ts";

/** A file as GitHub gave it; `absent`: GitHub says that it is not there. */
export type FileReading =
  | { readonly state: "file"; readonly source: ConfigSource; readonly blob: string | null }
  | { readonly state: "absent" }
  | { readonly state: "invalid"; readonly problems: readonly ConfigProblem[] };

/** Reads a file, on the default branch where no `ref` is given. `label` is how people know it. */
export function readConfigFile(
  { octokit }: GitHubClient,
  repo: Repo,
  path: string,
  label: string,
  ref?: string,
): Promise<Fact<FileReading>> {
  return read<FileReading, FileReading>(
    `the configuration ${label}`,
    async () => {
      try {
        const { data } = await octokit.rest.repos.getContent({
          ...repo,
          path,
          ...(ref === undefined ? {} : { ref }),
        });
        return toReading(data, label);
      } catch (error) {
        if (isTooLarge(error)) return unusable(label, "the file is too large", "Keep it under 250 kB.");
        throw error;
      }
    },
    { notFound: () => ({ state: "absent" }) },
  );
}

/** What GitHub's contents route gives for one path: a file, a directory's list, a symlink or a submodule. */
function toReading(data: unknown, file: string): FileReading {
  if (Array.isArray(data)) return unusable(file, "this is a directory", "Make it a YAML file.");
  const content = data as {
    type?: unknown;
    encoding?: unknown;
    content?: unknown;
    size?: unknown;
    sha?: unknown;
  };
  if (content?.type === "symlink") {
    return unusable(
      file,
      "this is a symbolic link that leads to no file of the repository",
      "Make it a file.",
    );
  }
  if (content?.type === "submodule") {
    return unusable(file, "this is a submodule", "Make it a file.");
  }
  if (content?.encoding === "none") return unusable(file, "the file is too large", "Keep it under 250 kB.");
  if (content?.type !== "file" || content.encoding !== "base64" || typeof content.content !== "string") {
    throw new UnexpectedAnswer("contents without base64");
  }
  const bytes = Buffer.from(content.content, "base64");
  // Half a file may be a valid file with other rules.
  if (typeof content.size === "number" && content.size !== bytes.byteLength) {
    throw new UnexpectedAnswer("contents of another size");
  }
  return {
    state: "file",
    source: { file, bytes },
    blob: typeof content.sha === "string" ? content.sha : null,
  };
}

/** Over 100 MB GitHub answers 403 with the code `too_large`. */
function isTooLarge(error: unknown): boolean {
  return (
    describeFailure(error).status === 403 && error instanceof Error && error.message.includes("too_large")
  );
}

/** A file that is there and cannot be read as a configuration, and what to do about it. */
export function unusable(file: string, message: string, fix: string): FileReading {
  return { state: "invalid", problems: [{ file, line: null, column: null, key: "", message, fix }] };
}
