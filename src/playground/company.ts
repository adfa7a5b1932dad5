import { createClock, type DemoClock } from "../demo/clock.ts";
import { JANE, JOHN, REPO, RITA, setUpKamiyo } from "../demo/kamiyo.ts";
import { type ServerProcess, startServerProcess } from "../demo/server-process.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox/index.ts";
import { CAST, MAYA, OMAR } from "./cast.ts";

/** What the app may do and hears of: `app.yml`. */
export type Manifest = Pick<SandboxOptions, "permissions" | "events">;

/** Kamiyo on an embedded GitHub, with the real app in a process of its own. */
export interface Company {
  readonly sandbox: Sandbox;
  readonly clock: DemoClock;
  /** Time passes. The app scans as it does by itself every minute, here sooner. */
  pass(minutes: number): Promise<void>;
  /** The app runs no more, and nobody has ended it. */
  appEnded(): boolean;
  close(): Promise<void>;
}

const CONFIG = `# ${REPO}: who may approve a hotfix. Everything else is the default.
version: 1
roles:
  on-call:
    teams: [on-call]
  engineering-manager:
    teams: [engineering-managers]
  cto:
    users: [${MAYA}]
components:
  payments: ["src/payments/**"]
`;

/** How a visitor's GitHub is set up. */
export interface CompanyOptions {
  /** False: GitHub alone, without the app. */
  readonly withApp: boolean;
  /** Called whenever the app wrote something. */
  changed(): void;
}

/** Starts both; rejects where the app does not start. */
export async function startCompany(
  manifest: Manifest,
  { withApp, changed }: CompanyOptions,
): Promise<Company> {
  const clock = createClock();
  const sandbox = await startSandbox({ ...manifest, clock: clock.now });
  try {
    await setUp(sandbox);
    // Tokens are no change that anybody sees.
    sandbox.onExchange = ({ method, path }) => {
      if (method !== "GET" && !path.endsWith("/access_tokens")) changed();
    };
    const app = withApp ? await startServerProcess(sandbox, { HOTFIX_SWEEP_INTERVAL: "10s" }) : null;
    return {
      sandbox,
      clock,
      async pass(minutes) {
        clock.forward(minutes);
        await remind(sandbox);
      },
      appEnded: () => app?.ended() ?? false,
      close: () => closeBoth(sandbox, app),
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/**
 * Sends the last event of everything that is open once more, so that nobody waits for the scan: an event only
 * says where to look.
 */
async function remind(sandbox: Sandbox): Promise<void> {
  const last = new Map<number, string>();
  for (const { event, guid, payload } of sandbox.deliveries) {
    const about = event === "issues" ? payload.issue : event === "pull_request" ? payload.pull_request : null;
    const { number } = (about ?? {}) as { number?: number };
    if (number !== undefined) last.set(number, guid);
  }
  for (const [number, guid] of last)
    if ((await sandbox.issue(REPO, number)).state === "open") await sandbox.redeliver(guid);
}

async function closeBoth(sandbox: Sandbox, app: ServerProcess | null): Promise<void> {
  await app?.stop();
  await sandbox.close();
}

async function setUp(sandbox: Sandbox): Promise<void> {
  await setUpKamiyo(sandbox, CONFIG);
  for (const { login, name, permission } of CAST) {
    if (![JOHN, RITA, JANE].includes(login))
      sandbox.createUser(login, { name, email: `${login.split("-")[0]}@kamiyo.example` });
    sandbox.setPermission(REPO, login, permission);
    if (permission === null) await sandbox.createFork(REPO, login);
  }
  sandbox.createTeam("kamiyo", "on-call");
  await sandbox.addTeamMember("kamiyo", "on-call", OMAR);
}
