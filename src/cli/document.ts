import type { Command } from "commander";

/** `docs/cli.md`, made of the program itself: each command with its arguments and options. */
export function cliPage(program: Command): string {
  return `${INTRODUCTION}
${program.commands
  .flatMap((command) => (command.commands.length > 0 ? command.commands : [command]))
  .map(section)
  .join("\n")}`;
}

const INTRODUCTION = `# The command line

<!-- Made of the program by "npm run generate". Do not edit. -->

\`hotfix-guard\` is \`node dist/cli/main.js\` after \`npm run build\`, or \`npx hotfix-guard\` where the package is installed. Without arguments it says what to
try; \`--help\` shows the options of any command, \`--version\` the version.

**Exit status** 0: all is well. 1: a rule failed, a file is invalid, or the command could not do its work. 2: it was called in a way that it cannot work: an unknown
command or option, no git repository, a file that cannot be read. The reason is on standard error, in a line.
`;

function section(command: Command): string {
  const names = [command.parent?.parent ? command.parent.name() : "", command.name()].filter(
    (name) => name !== "",
  );
  const title = names.join(" ");
  const usage = `hotfix-guard ${title} ${command.usage()}`.trim();
  const rows = [
    ...command.registeredArguments.map((one) =>
      row(one.variadic ? `${one.name()}…` : one.name(), one.description),
    ),
    ...command.options.map((one) => {
      const choices =
        one.argChoices === undefined ? "" : ` (${one.argChoices.map((name) => `\`${name}\``).join(", ")})`;
      const preset = one.defaultValue === undefined ? "" : `; default: \`${String(one.defaultValue)}\``;
      return row(one.flags, `${one.description}${choices}${preset}`);
    }),
  ];
  const table =
    rows.length === 0 ? "" : `\n| argument, option | what it is |\n| --- | --- |\n${rows.join("\n")}\n`;
  return `## ${title}\n\n${sentence(command.description())}\n\n\`\`\`sh\n${usage}\n\`\`\`\n${table}`;
}

function row(name: string, description: string): string {
  return `| \`${name.replaceAll("|", "\\|")}\` | ${description.replaceAll("|", "\\|")} |`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
