import { Argument, Command, Option } from "commander";
import { ownVersion } from "../package.ts";
import type { CheckCommandOptions } from "./check.ts";
import { SHELLS, type Shell } from "./completion.ts";
import type { DemoOptions } from "./demo-open.ts";
import { keepHeapSmall } from "./heap.ts";
import type { InitOptions } from "./init.ts";
import type { Output } from "./output.ts";
import type { ReportOptions } from "./report.ts";
import type { SimulateOptions } from "./simulate.ts";
import type { StartCommandOptions } from "./start.ts";
import type { ValidateOptions } from "./validate.ts";

const OUTPUT: Output = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
};

/** What is printed where no command is given. */
export const WHAT_TO_TRY = `Hotfix Guard makes sure a hotfix follows the procedure. What to try:

  hotfix-guard demo                          run a demo, on this machine only
  hotfix-guard start "<description>"         begin a hotfix: branch and commit template
  hotfix-guard check                         check the current branch before you push it
  hotfix-guard init                          write .github/hotfix.yml and templates
  hotfix-guard validate                      check .github/hotfix.yml
  hotfix-guard setup                         create the GitHub App

hotfix-guard --help has all commands, docs/cli.md their options.
`;

/**
 * The command line. Each command is loaded only when it is run: `validate` needs no server. docs/cli.md is
 * made of it (`npm run generate`).
 */
export const program = new Command("hotfix-guard")
  .description("Makes sure a hotfix follows the procedure, without costing a minute more than it must.")
  .version(ownVersion(), "--version", "print the version")
  .helpOption("-h, --help", "show help")
  .helpCommand("help [command]", "show help for a command")
  .showHelpAfterError("(hotfix-guard --help says more)")
  .exitOverride();

program
  .command("serve")
  .description("run the app; settings are environment variables, or in .env")
  .action(async () => {
    keepHeapSmall();
    await exit((await import("./serve.ts")).serveCommand());
  });

program
  .command("sweep")
  .description("scan open hotfixes, recent merges and open post-mortems once, without a server")
  .action(async () => exit((await import("./sweep.ts")).sweepCommand()));

program
  .command("setup")
  .description("create the app on GitHub and write its credentials to .env")
  .option("--url <address>", "where GitHub reaches the app, or a channel of a webhook proxy like smee.io")
  .option("--org <organization>", "the organization that will own the app (default: your own account)")
  .action(async (options: { url?: string; org?: string }) =>
    exit((await import("./setup.ts")).setupCommand(options)),
  );

program
  .command("check")
  .description("check the current branch before you push it, without a server")
  .option("--base <branch>", "the base branch (default: the default branch)")
  .option("--branch <name>", "the branch's name where HEAD is detached, as in CI")
  .option("--json", "as JSON, with reason codes")
  .option("--quiet", "print nothing when there is nothing to fix")
  .addOption(
    new Option("--format <format>", "how to print it").choices(["text", "json", "github"]).default("text"),
  )
  .action(async (options: CheckCommandOptions) => {
    const { checkCommand } = await import("./check.ts");
    await exit(checkCommand(options, OUTPUT));
  });

program
  .command("start")
  .description("start a hotfix: a branch from the latest base, and a commit template")
  .argument("<description>", "what is fixed, in a few words")
  .option("--issue <reference>", "the issue that it fixes, such as 123")
  .option("--severity <severity>", "P0 or P1")
  .option("--base <branch>", "the base branch (default: the default branch)")
  .option("--offline", "fetch nothing")
  .option("--template", "set commit.template of this repository, so that a plain git commit begins with it")
  .action(async (description: string, options: StartCommandOptions) => {
    const { startCommand } = await import("./start.ts");
    await exit(startCommand(description, options, OUTPUT));
  });

program
  .command("explain")
  .description("explain a rule or a reason code; without one, list the rules")
  .argument("[rule]", "such as diff-size")
  .action(async (rule: string | undefined) => {
    const { explainCommand } = await import("./explain.ts");
    await exit(explainCommand(rule, OUTPUT));
  });

const hook = program.command("hook").description("check hotfix branches whenever they are pushed");
hook
  .command("install")
  .description("install the pre-push hook in this clone")
  .option("--force", "replace another pre-push hook; the old one is kept as pre-push.old")
  .action(async (options: { force?: boolean }) => {
    const { hookCommand } = await import("./hook.ts");
    await exit(hookCommand("install", options, OUTPUT));
  });
hook
  .command("uninstall")
  .description("remove it")
  .action(async () => {
    const { hookCommand } = await import("./hook.ts");
    await exit(hookCommand("uninstall", {}, OUTPUT));
  });

program
  .command("init")
  .description(
    "write a configuration, the pull request template and the issue form; asks who holds which role",
  )
  .option("--yes", "don't ask: write defaults, keep existing files")
  .option("--print", "show what would be written, without writing it")
  .option("--force", "overwrite existing files")
  .action(async (options: InitOptions) => {
    const { initCommand } = await import("./init.ts");
    await exit(initCommand(options, OUTPUT));
  });

program
  .command("validate")
  .description("validate configuration files")
  .argument(
    "[files...]",
    "files to check, - for standard input (default: the repository's own, found upward from here)",
  )
  .option("--json", "as JSON")
  .addOption(
    new Option("--format <format>", "how to print it")
      .choices(["text", "json", "github", "sarif"])
      .default("text"),
  )
  .option("--strict", "warnings fail as well")
  .option(
    "--repo <owner/name>",
    "as it is on GitHub: do teams and people exist, is the check required and pinned, labels; by your token in GH_TOKEN",
  )
  .option("--fix", "fix obvious mistakes: misspelled and renamed keys, other tools' notation")
  .action(async (files: readonly string[], options: ValidateOptions) => {
    const { validateCommand } = await import("./validate.ts");
    await exit(validateCommand(files, OUTPUT, options));
  });

program
  .command("simulate")
  .description(
    "the verdict on a pull request, or on those of a period by rule, with nothing written; with your token (GH_TOKEN), or the settings of serve",
  )
  .argument("[target]", "owner/repo#12, or owner/repo for a period")
  .option("--config <file>", "decide by this file instead of the repository's own")
  .option("--org <name>", "all repositories of an organization or account")
  .option("--since <duration>", "how far back, at most 366d (default: 90d)")
  .option("--app <name>", "the gate's name in its address: what it wrote down counts then")
  .option("--json", "as JSON, with reason codes")
  .option("--html <file>", "a period as a page, written to this file")
  .action(async (target: string | undefined, options: SimulateOptions) => {
    const { simulateCommand } = await import("./simulate.ts");
    await exit(simulateCommand(target, options, OUTPUT));
  });

program
  .command("report")
  .description(
    "what the post-mortems say of hotfixes: times, people, exceptions, action items; with your token (GH_TOKEN), or the settings of serve",
  )
  .option("--repo <owner/name>", "where the post-mortems are")
  .option("--org <name>", "all repositories of an organization or account instead")
  .option("--since <duration>", "how far back, from the merge, at most 366d", "90d")
  .option("--app <name>", "the gate's name in its address, where your token finds several apps")
  .option(
    "--evidence",
    "the auditor's table, a row a change, with links; as CSV unless another form is asked for",
  )
  .option("--observed", "what mode: observe would have blocked, read from its neutral checks")
  .option("--json", "as JSON")
  .option("--markdown", "as Markdown")
  .option("--csv", "as CSV, a row each hotfix")
  .option("--html <file>", "as a page with charts, written to this file")
  .action(async (options: ReportOptions) => {
    const { reportCommand } = await import("./report.ts");
    await exit(reportCommand(options, OUTPUT));
  });

program
  .command("demo")
  .description("run a demo hotfix against an embedded GitHub, without network")
  .option("--open", "as a page in the browser instead, to try it yourself: the playground")
  .option("--port <number>", "where the page is served on this machine (default: any that is free)")
  .action(async (options: DemoOptions) => {
    if (options.open || options.port !== undefined)
      return exit((await import("./demo-open.ts")).demoOpenCommand(options, OUTPUT));
    return exit((await import("./demo.ts")).demoCommand());
  });

program
  .command("completion")
  .description("print the script that completes commands and options in your shell; its first line says how")
  .addArgument(new Argument("<shell>", "your shell").choices(SHELLS))
  .action(async (shell: Shell) => {
    const { completionCommand } = await import("./completion.ts");
    await exit(completionCommand(shell, program, OUTPUT));
  });

/** Ends the process with this status, whatever timers are still there. */
async function exit(status: Promise<number>): Promise<void> {
  const code = await status;
  // Written output first: a pipe may still be full.
  await new Promise((resolve) => process.stdout.write("", resolve));
  process.exit(code);
}
