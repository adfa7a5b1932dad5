import { RE2JS } from "re2js";
import { z } from "zod";
import { globProblem, globSize } from "../policy/text/glob.ts";
import { take } from "./budget.ts";
import { patternSize } from "./pattern-size.ts";
import { show, visible } from "./problem.ts";

/** The kinds of value that a configuration is made of, each checked as far as text alone can tell. */

/**
 * A problem's message and its fix travel through zod as one text; values are shown on one line, so the cut is
 * sure.
 */
const CUT = "\n";

/** A message of Zod's that carries what is wrong and how to fix it; `split` takes it apart. */
export function says(message: string, fix: string): string {
  return message + CUT + fix;
}

/** What `says` has put together; any other message is one without a fix. */
export function split(text: string): { message: string; fix: string } {
  const [message = "", fix = ""] = text.split(CUT);
  return { message, fix };
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d{1,9})([smhd])$/;
const LONGEST = 366 * UNITS.d;

/** Milliseconds of `90s`, `15m`, `4h`, `1d`; `null` for anything else, and for more than 366 days. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  if (count === undefined) return null;
  const milliseconds = Number(count) * UNITS[unit as keyof typeof UNITS];
  return milliseconds <= LONGEST ? milliseconds : null;
}

export const duration = () =>
  z
    .string({ error: (issue) => notADuration(issue.input) })
    .transform((text, context) => {
      const milliseconds = parseDuration(text);
      if (milliseconds === null) context.addIssue(notADuration(text));
      return milliseconds ?? z.NEVER;
    })
    .meta({ title: "Duration", pattern: "^[0-9]{1,9}[smhd]$", examples: ["90s", "15m", "4h", "1d"] });

/** `15 minutes`, `24 hrs`, `PT15M`, `2H`, `1h30m`: how it is written here. */
function durationMeant(text: string): string | null {
  const parts = text.toLowerCase().replace(/^pt?(?=\d)/, "");
  const [, whole, half] = /^(\d{1,4})[.,]([05]) ?(?:h|hrs?|hours?)$/.exec(parts) ?? [];
  if (whole !== undefined) return `${Number(whole) * 60 + (half === "5" ? 30 : 0)}m`;
  const [, weeks] = /^(\d{1,2}) ?w(?:ks?|eeks?)?$/.exec(parts) ?? [];
  if (weeks !== undefined) return `${Number(weeks) * 7}d`;
  const [, hours, minutes] = /^(\d{1,3}) ?h(?:ours?)? ?(\d{1,2}) ?m(?:in(?:ute)?s?)?$/.exec(parts) ?? [];
  if (hours !== undefined) return `${Number(hours) * 60 + Number(minutes)}m`;
  const [, count, unit] =
    /^(\d{1,6}) ?(s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?)\.?$/.exec(parts) ?? [];
  const short = `${count}${unit?.[0]}`;
  return count !== undefined && parseDuration(short) !== null ? short : null;
}

function notADuration(value: unknown): string {
  const meant = typeof value === "string" ? durationMeant(value) : null;
  if (meant !== null)
    return says(`${show(value)} is not a duration`, `Write ${meant}, a whole number and a unit.`);
  return says(
    `${show(value)} is not a duration`,
    typeof value === "number"
      ? `Add the unit: ${value}m for minutes, or s, h, d.`
      : "Write a whole number and a unit, s, m, h or d, of at most 366 days: 90s, 15m, 4h, 1d.",
  );
}

const LONGEST_PATTERN = 500;
/** RE2's time is length of the text × size of the program, so the size has a bound too. */
const LARGEST_PROGRAM = 3_000;

/** An RE2 pattern, as text. */
export const pattern = () =>
  text(LONGEST_PATTERN)
    .check(({ value, issues }) => {
      const wrong = patternProblem(value);
      if (wrong !== null) issues.push({ code: "custom", input: value, message: wrong });
    })
    .meta({ title: "RE2 pattern" });

function patternProblem(source: string): string | null {
  // Its length is a problem of its own.
  if (source.length > LONGEST_PATTERN) return null;
  // Compiling it is what takes the time.
  const size = patternSize(source);
  if (size > LARGEST_PROGRAM)
    return says("this pattern is too large", "Use smaller repeat counts, and fewer of them.");
  if (!take("patterns", size))
    return says("the patterns of this file are too large together", "Use fewer, or smaller repeat counts.");
  try {
    RE2JS.compile(source);
    return null;
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).replace(
      "error parsing regexp: ",
      "",
    );
    return says(`${show(source)} is not an RE2 pattern: ${visible(reason)}`, patternFix(source));
  }
}

function patternFix(source: string): string {
  if (/^[^^$(]*\*\*/.test(source))
    return `A pattern stands here, not a glob: write '^${source.replace(/\/?\*+$/, "/").replace(/\*+/g, "[^/]*")}.+$'.`;
  if (/\(\?<?[=!]/.test(source))
    return "RE2 has no look-around ((?=…), (?!…), (?<=…), (?<!…)): say what may be there instead.";
  if (/\\[1-9]/.test(source)) return "RE2 has no backreferences (\\1): write the alternatives out.";
  if (/\(\?>|[+*?}]\+/.test(source))
    return "RE2 has no atomic groups or possessive quantifiers, and does not need them: it never backtracks.";
  return "See https://github.com/google/re2/wiki/Syntax; in YAML write patterns in single quotes.";
}

/** A glob on paths or branch names. */
export const glob = () =>
  text(300)
    .check(({ value, issues }) => {
      const wrong = globProblem(value);
      const fits = wrong === null && take("globs", globSize(value));
      if (fits) return;
      const message =
        wrong === null
          ? says("the globs of this file are too many together", "Use fewer, shorter ones: src/payments/**.")
          : says(
              `${show(value)} is not a glob: ${wrong}`,
              "Write for example src/payments/** or **/*.{ts,tsx}.",
            );
      issues.push({ code: "custom", input: value, message });
    })
    .meta({ title: "Glob" });

/** Text on one line. */
export const text = (longest = 200) =>
  z
    .string()
    .min(1)
    .max(longest)
    .check(({ value, issues }) => {
      if (!/\p{Cc}/u.test(value)) return;
      const message = says("line breaks and control characters cannot stand here", "Write it on one line.");
      issues.push({ code: "custom", input: value, message });
    });

const named = (kind: string, form: RegExp, fix: string | ((value: string) => string), title: string) =>
  text()
    .regex(form, {
      error: ({ input }) =>
        says(
          `${show(input)} is not ${kind}`,
          typeof fix === "string" ? fix : fix(String(input).slice(0, 200)),
        ),
    })
    .meta({ title });

export const branch = () =>
  named(
    "the name of a branch",
    /^[^\s*?[\\^~:-][^\s*?[\\^~:]*$/,
    "Write the name as it is, without patterns: develop.",
    "Branch",
  );
export const login = () =>
  named(
    "a login",
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    (value) =>
      /^[\w-]+\/[\w.-]+$/.test(value)
        ? `That is a team: write it under teams, ["${value}"].`
        : /^[\w@-]+(?:[,;] ?[\w@-]+)+$/.test(value)
          ? `Write each by itself: [${value
              .split(/[,; ]+/)
              .map((one) => `"${one.replace(/^@/, "")}"`)
              .join(", ")}].`
          : "Write the person's login without @: octocat. Bots cannot approve.",
    "Login",
  );
export const team = () =>
  named(
    "the slug of a team",
    /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)?$/,
    "Write the slug that the team's address shows, without @: managers, or org/managers.",
    "Team slug",
  );
export const repository = () =>
  named(
    "a repository",
    /^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)?$/,
    "Write its name, or owner/name.",
    "Repository",
  );
export const label = () => text(50).meta({ title: "Label" });

/** A file of a repository. */
export const path = () =>
  text()
    .check(({ value, issues }) => {
      if (isRepositoryPath(value)) return;
      const message = says(
        `${show(value)} is not a path in a repository`,
        "Write it from the repository's root, without a slash in front or ..: docs/template.md.",
      );
      issues.push({ code: "custom", input: value, message });
    })
    .meta({ title: "Path" });

/** Relative, and stays below the root it is resolved from. */
export function isRepositoryPath(value: string): boolean {
  return (
    !/[\\\p{Cc}]/u.test(value) &&
    value.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}

/** The name of a role; that it exists is checked across keys. */
export const roleName = () => text(40).meta({ title: "Role" });

const MOST_ITEMS = 100;
/** A list of bounded length. */
export const list = <T extends z.ZodType>(item: T) => z.array(item).max(MOST_ITEMS);
export const nonEmptyList = <T extends z.ZodType>(item: T) => list(item).min(1);
const MOST_NAMES = 100;
/** A check for maps of names (roles, components, checklists): each name costs look-ups or comparisons. */
export const few = ({ value, issues }: { value: object; issues: z.core.$ZodRawIssue[] }): void => {
  if (Object.keys(value).length <= MOST_NAMES) return;
  issues.push({
    code: "custom",
    input: value,
    message: says("too many names", `Write at most ${MOST_NAMES}.`),
  });
};
