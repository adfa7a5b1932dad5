import { compare } from "../diff/area.ts";
import { classifyFiles } from "../diff/classify-files.ts";
import { changesDependencies } from "../diff/dependency-patch.ts";
import { dropFiles } from "../diff/drop-files.ts";
import { firstChangedLine } from "../diff/patch.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";

/** GitHub takes 50 annotations a request. */
const MOST_ANNOTATIONS = 50;

/** Foreign code does not change on the way, only as the fix itself. */
export const dependencyChanges: Rule<NoOptions> = {
  meta: {
    id: "dependency-changes",
    title: "Dependencies",
    rationale:
      "A new version of a dependency brings in code that nobody here has read, when nobody has the time to.",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      none: { found: "No dependency changes", fix: "" },
      declared: { found: "The dependency is the fix: {reason}. Changed: {files}", fix: "" },
      changed: {
        found: "Changes manifests or lockfiles: {files}",
        fix: "Drop these changes.",
        also: "Is the dependency the fix? Add {declare} to the hotfix commit.",
      },
    },
  },
  check({ snapshot, hotfix }) {
    if (!snapshot.files.known) return unknownFinding(snapshot.files.reason);
    const changed = classifyFiles(snapshot.files.value)
      .filter(changesDependencies)
      .sort((a, b) => compare(a.file.path, b.file.path));
    if (changed.length === 0) return finding("satisfied", "none");
    if (!hotfix.commit.known) return unknownFinding(hotfix.commit.reason);

    const files = changed.map(({ file, packageManager }) => `${file.path} (${packageManager ?? ""})`);
    const reason = hotfix.commit.value?.dependencyFix;
    if (reason) return finding("satisfied", "declared", { reason, files });
    return finding(
      "violated",
      "changed",
      { files, declare: "Dependency-Fix: <reason>" },
      {
        annotations: changed.slice(0, MOST_ANNOTATIONS).map(({ file }) => {
          const line = firstChangedLine(file.patch);
          return {
            path: file.path,
            startLine: line,
            endLine: line,
            level: "failure",
            title: "Dependencies change",
            message:
              "A hotfix leaves dependencies alone, unless the hotfix commit says Dependency-Fix: and why.",
          };
        }),
        steps: [dropFiles(changed.map(({ file }) => file))],
      },
    );
  },
};
