// `npm run test:image`: where no image can be pulled, runs the stages of the Dockerfile on bare directories,
// with this machine's Node; then starts what the last stage holds as the image would: its command, its
// environment, another user and a read-only directory where this one may arrange that, against the embedded
// GitHub; asks its health check; and stops it.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DockerfileParser } from "dockerfile-ast";
import { parse } from "yaml";
import { freePort } from "../dist/demo/free-port.js";
import { startSandbox } from "../dist/sandbox/index.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "hotfix-guard-image-"));
chmodSync(work, 0o755);
/** Debian's `nobody`: owns nothing. Only root can start something as another user. */
const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const STOPS_WITHIN_MS = 30_000;

try {
  const image = build();
  console.log(`built: ${Math.round(sizeOf(image.folder) / 1_000_000)} MB in /app`);
  const files = execFileSync("find", [image.folder, "-name", "*.ts", "-not", "-path", "*/node_modules/*"], {
    encoding: "utf8",
  });
  demand(
    files === "" && !existsSync(join(image.folder, "node_modules/typescript")),
    "holds what only development needs",
  );
  await run(image);
} finally {
  execFileSync("chmod", ["-R", "u+w", work]);
  rmSync(work, { recursive: true, force: true });
}

/** Carries out the instructions, a folder for /app of each stage. */
function build() {
  const allowed = readFileSync(join(root, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));
  const stages = [];
  for (const instruction of DockerfileParser.parse(
    readFileSync(join(root, "Dockerfile"), "utf8"),
  ).getInstructions()) {
    const stage = stages.at(-1);
    const text = instruction.getArgumentsContent() ?? "";
    const words = text.split(/\s+/);
    const does = {
      FROM: () => {
        const folder = join(work, String(stages.length));
        mkdirSync(folder);
        stages.push({ name: words[2] ?? "", folder, environment: {} });
      },
      WORKDIR: () => demand(text === "/app", `works in ${text}, not in /app`),
      ENV: () => Object.assign(stage.environment, Object.fromEntries(words.map((word) => word.split("=")))),
      COPY: () => copy(instruction, words, stage, stages, allowed),
      RUN: () =>
        execFileSync("sh", ["-c", text], { cwd: stage.folder, stdio: ["ignore", "ignore", "inherit"] }),
      CMD: () => Object.assign(stage, { command: JSON.parse(text) }),
      HEALTHCHECK: () => Object.assign(stage, { health: JSON.parse(text.slice(text.indexOf("["))) }),
      USER: () => Object.assign(stage, { user: text }),
      LABEL() {},
      EXPOSE() {},
    }[instruction.getKeyword()];
    demand(
      does !== undefined,
      `has an instruction that this script does not know: ${instruction.getKeyword()}`,
    );
    does();
  }
  return stages.at(-1);
}

function copy(instruction, words, stage, stages, allowed) {
  const from = instruction
    .getFlags()
    .find((flag) => flag.getName() === "from")
    ?.getValue();
  const source = from === undefined ? root : stages.find(({ name }) => name === from).folder;
  const target = words.at(-1);
  for (const word of words.slice(0, -1)) {
    const path = from === undefined ? word : word.replace(/^\/app\//, "");
    demand(from !== undefined || allowed.includes(path), `copies ${path}, which .dockerignore leaves out`);
    cpSync(
      join(source, path),
      join(stage.folder, target.endsWith("/") ? join(target, basename(path)) : target),
      { recursive: true, verbatimSymlinks: true },
    );
  }
}

async function run({ folder, command, environment, health, user }) {
  demand(user !== undefined && user !== "root", "runs as root");
  execFileSync("chmod", ["-R", "a+rX,a-w", folder]);
  const { default_permissions: permissions, default_events: events } = parse(
    readFileSync(join(root, "app.yml"), "utf8"),
  );
  const sandbox = await startSandbox({ permissions, events });
  const port = await freePort();
  const settings = {
    APP_ID: String(sandbox.app.id),
    PRIVATE_KEY: sandbox.app.privateKey,
    WEBHOOK_SECRET: sandbox.app.webhookSecret,
    GHE_HOST: sandbox.host,
    GHE_PROTOCOL: "http",
  };
  const env = { PATH: process.env.PATH, ...environment, ...settings, HOST: "127.0.0.1", PORT: String(port) };
  const [program, ...args] = command;
  const server = spawn(program, args, {
    cwd: folder,
    env,
    ...asNobody,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  server.stdout.on("data", (chunk) => (log += chunk));
  const ended = new Promise((resolve) => server.once("exit", (code, signal) => resolve(code ?? signal)));
  try {
    await until(
      async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok,
      () => `does not become ready:\n${log}`,
    );
    execFileSync(health[0], health.slice(1), { cwd: folder, env, ...asNobody });
    console.log("ready, and healthy");
  } finally {
    server.kill("SIGTERM");
    const late = setTimeout(() => server.kill("SIGKILL"), STOPS_WITHIN_MS);
    const status = await ended;
    clearTimeout(late);
    await sandbox.close();
    demand(status === 0, `ended with ${status}:\n${log}`);
  }
  for (const line of log.trim().split("\n")) JSON.parse(line);
  console.log(`stopped by SIGTERM with status 0; ${log.trim().split("\n").length} log lines, each JSON`);
}

async function until(holds, what) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  demand(false, what());
}

function sizeOf(folder) {
  return 1_000 * Number(execFileSync("du", ["-sk", folder], { encoding: "utf8" }).split("\t")[0]);
}

function demand(holds, what) {
  if (!holds) throw new Error(`The image ${what}`);
}
