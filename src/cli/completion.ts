import type { Command, Option } from "commander";
import type { Output } from "./output.ts";

/** The shells that a completion script is made for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** One of `SHELLS`. */
export type Shell = (typeof SHELLS)[number];

/** A command as it is typed, `""` the program itself, `hook install` a command of a command. */
interface Place {
  readonly path: string;
  readonly words: readonly { readonly name: string; readonly says: string }[];
  readonly flags: readonly Flag[];
}

interface Flag {
  /** `--base`, and `-h` where there is a short one. */
  readonly names: readonly string[];
  readonly says: string;
  /** What it takes: one of these, a file, anything, or nothing. */
  readonly takes: readonly string[] | "file" | "anything" | null;
}

/** `hotfix-guard completion <shell>`: prints the script that completes commands and options there. */
export async function completionCommand(shell: Shell, program: Command, out: Output): Promise<number> {
  out.stdout(completionScript(program, shell));
  return 0;
}

/** The script, made of the program's own commands and options. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, "");
  const [root] = places;
  if (root === undefined) return "";
  const name = program.name();
  const make = { bash, zsh, fish, powershell };
  return make[shell](name, `_${name.replaceAll("-", "_")}`, places);
}

function placesOf(command: Command, path: string): readonly Place[] {
  const helper = command.createHelp();
  const commands = helper.visibleCommands(command);
  const below = commands
    .filter((one) => one.name() !== "help")
    .flatMap((one) => placesOf(one, path === "" ? one.name() : `${path} ${one.name()}`));
  const args = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const words = [
    ...commands.map((one) => ({ name: one.name(), says: one.description() })),
    ...args.map((name) => ({ name, says: "" })),
  ];
  return [{ path, words, flags: helper.visibleOptions(command).map(toFlag) }, ...below];
}

function toFlag({ short, long, description, argChoices, flags }: Option): Flag {
  const takesOne = /<|\[/.test(flags);
  return {
    names: [long, short].flatMap((one) => one ?? []),
    says: description,
    takes: !takesOne ? null : (argChoices ?? (flags.includes("<file>") ? "file" : "anything")),
  };
}

function taking(places: readonly Place[]) {
  return places.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, takes }) => (takes === null ? [] : [{ path, names, takes }])),
  );
}

const all = ({ words, flags }: Place) => [
  ...words.map(({ name }) => name),
  ...flags.flatMap(({ names }) => names),
];

/** Where the words so far lead, in bash and zsh alike. */
function steps(places: readonly Place[], variable: string): string {
  return places
    .filter(({ path }) => path !== "")
    .map(({ path }) => {
      const words = path.split(" ");
      const before = words.slice(0, -1).join(" ");
      return `      "${before} ${words.at(-1)}") ${variable}="${path}" ;;`;
    })
    .join("\n");
}

function bash(name: string, fn: string, places: readonly Place[]): string {
  const values = taking(places).map(({ path, names, takes }) => {
    const pattern = names.map((one) => `"${path}:${one}"`).join(" | ");
    const reply =
      takes === "file"
        ? 'COMPREPLY=($(compgen -f -- "$cur"))'
        : takes === "anything"
          ? ":"
          : `COMPREPLY=($(compgen -W "${takes.join(" ")}" -- "$cur"))`;
    return `    ${pattern}) ${reply}; return ;;`;
  });
  const words = places.map((place) => `    "${place.path}") candidates="${all(place).join(" ")}" ;;`);
  return `# ${name} in bash: eval "$(${name} completion bash)"
${fn}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" at="" candidates="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
${steps(places, "at")}
    esac
  done
  case "$at:$prev" in
${values.join("\n")}
  esac
  case "$at" in
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$cur"))
}
complete -o bashdefault -o default -F ${fn} ${name}
`;
}

function zsh(name: string, fn: string, places: readonly Place[]): string {
  const item = (word: string, says: string) =>
    quoted(says === "" ? word : `${word}:${says.replaceAll(":", "\\:")}`);
  const values = taking(places).map(({ path, names, takes }) => {
    const pattern = names.map((one) => `"${path}:${one}"`).join(" | ");
    const reply = takes === "file" ? "_files" : takes === "anything" ? ":" : `compadd -- ${takes.join(" ")}`;
    return `    ${pattern}) ${reply}; return ;;`;
  });
  const words = places.map(({ path, words, flags }) => {
    const items = [
      ...words.map((one) => item(one.name, one.says)),
      ...flags.flatMap(({ names, says }) => names.map((one) => item(one, says))),
    ];
    return `    "${path}") candidates=(${items.join(" ")}) ;;`;
  });
  return `#compdef ${name}
# ${name} in zsh, after compinit: source <(${name} completion zsh)
${fn}() {
  local at="" i
  local -a candidates
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
${steps(places, "at")}
    esac
  done
  case "$at:\${words[CURRENT - 1]}" in
${values.join("\n")}
  esac
  case "$at" in
${words.join("\n")}
  esac
  _describe ${name} candidates || _files
}
if [[ "\${funcstack[1]}" == ${fn} ]]; then ${fn} "$@"; else compdef ${fn} ${name}; fi
`;
}

function fish(name: string, _fn: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words, flags }) => {
    const seen = path.split(" ").map((one) => `__fish_seen_subcommand_from ${one}`);
    const here = path === "" ? "" : ` -n ${quoted(seen.join("; and "))}`;
    const names = words.map((one) => one.name).join(" ");
    const before =
      path === ""
        ? "__fish_use_subcommand"
        : `${seen.join("; and ")}; and not __fish_seen_subcommand_from ${names}`;
    return [
      ...words.map(
        (one) => `complete -c ${name} -n ${quoted(before)} -f -a ${one.name} -d ${quoted(one.says)}`,
      ),
      ...flags.map(({ names: [long = "", short], says, takes }) => {
        const value =
          takes === null
            ? ""
            : takes === "file"
              ? " -r -F"
              : takes === "anything"
                ? " -x"
                : ` -x -a ${quoted(takes.join(" "))}`;
        const letter = short === undefined ? "" : ` -s ${short.slice(1)}`;
        return `complete -c ${name}${here} -l ${long.slice(2)}${letter}${value} -d ${quoted(says)}`;
      }),
    ];
  });
  return `# ${name} in fish: ${name} completion fish | source\n${lines.join("\n")}\n`;
}

function powershell(name: string, _fn: string, places: readonly Place[]): string {
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const list = (words: readonly string[]) => `@(${words.map(literal).join(", ")})`;
  const words = places.map((place) => `    ${literal(place.path)} = ${list(all(place))}`);
  const values = taking(places).flatMap(({ path, names, takes }) =>
    typeof takes === "string" ? [] : names.map((one) => `    ${literal(`${path}:${one}`)} = ${list(takes)}`),
  );
  return `# ${name} in PowerShell: ${name} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${literal(name)} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${words.join("\n")}
  }
  $values = @{
${values.join("\n")}
  }
  $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '' -and $typed.Count -gt 0) { $typed = @($typed | Select-Object -SkipLast 1) }
  $at = ''
  foreach ($word in $typed) {
    $next = if ($at -eq '') { $word } else { "$at $word" }
    if ($words.ContainsKey($next)) { $at = $next }
  }
  $last = if ($typed.Count -gt 0) { $typed[-1] } else { '' }
  $candidates = if ($values.ContainsKey("\${at}:$last")) { $values["\${at}:$last"] } else { $words[$at] }
  $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

/** In single quotes, for POSIX shells and fish. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
