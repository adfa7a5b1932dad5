import { randomBytes } from "node:crypto";
import type { ProbotOctokit } from "probot";
import { remembered } from "./memory.ts";

/** What another instance has left on GitHub. */
export interface Trace {
  /** Its id; `null`: only that it is not this one. */
  readonly instance: string | null;
  /** By GitHub's clock, in milliseconds. */
  readonly at: number;
}

/** Something that the app has written, as an event tells it. */
export interface OwnCreation {
  readonly what: "comment" | "issue";
  readonly id: number;
  /** GitHub's time, in milliseconds. */
  readonly at: number;
}

/**
 * This process among others that may work for the same app. It signs the check runs that it writes, in a
 * hidden line, and finds the signatures of others in those that it reads anyway: no request is spent on it.
 */
export interface Instance {
  readonly id: string;
  /** How many comments and issues it has created. */
  readonly creates: number;
  /** Signs what this client writes, and looks at what it reads. `now`: GitHub's clock, in milliseconds. */
  follow(octokit: Pick<ProbotOctokit, "hook">, now: () => number): void;
  /** GitHub tells of something that the app has created: by this process? Else another was seen. */
  isOwn(creation: OwnCreation): boolean;
  /**
   * The other one that wrote something while this process ran, within the last minutes; `null`: nobody did.
   */
  other(): Trace | null;
  /** Another one was seen, which may not have seen this one: what is there already is signed once more. */
  owesTrace(): boolean;
  /** Called with each new trace of another one. */
  onOther(tell: (trace: Trace) => void): void;
}

/** GitHub's, of a check's text, in bytes: what fills it goes unsigned. */
const TEXT_LIMIT = 65_535;
const SIGNATURE = /<!-- hotfix-guard:by ([0-9a-f]{12}) (\d{4}-\d\d-\d\dT[\d:.]{8,12}Z) -->/g;
/**
 * GitHub's clock is told in whole seconds, and what was under way when the one before ended may come later.
 */
const OVERLAP_MS = 5_000;
/** So long after it wrote something last another one is taken for gone. */
const GONE_MS = 10 * 60_000;
/**
 * A create without a clear answer may have happened: what GitHub tells of around that time may be this
 * process's.
 */
const UNCLEAR_MS = 60_000;

const createdBy = remembered<true>("created by this process");

/** This process, from now on. */
export function createInstance({ appId }: { readonly appId: number }): Instance {
  const id = randomBytes(6).toString("hex");
  const startedAt = performance.now();
  const listeners: ((trace: Trace) => void)[] = [];
  let clock = () => Date.now();
  let last: Trace | null = null;
  let seenAt = Number.NEGATIVE_INFINITY;
  let signedAt = Number.NEGATIVE_INFINITY;
  let unclearAt = Number.NEGATIVE_INFINITY;
  let creates = 0;

  const instance: Instance = {
    id,
    get creates() {
      return creates;
    },
    follow(octokit, now) {
      clock = now;
      octokit.hook.before("request", (options) => {
        if (!writesCheck(options)) return;
        const output = options.output as { text?: string } | undefined;
        if (output === undefined) return;
        const line = `<!-- hotfix-guard:by ${id} ${new Date(now()).toISOString()} -->`;
        const text = [output.text ?? "", line].join("\n").trimStart();
        if (Buffer.byteLength(text) > TEXT_LIMIT) return;
        options.output = { ...output, text };
        signedAt = performance.now();
      });
      octokit.hook.after("request", ({ data }, options) => {
        const what = createdOn(options);
        if (what !== null) made(what, (data as { id?: unknown })?.id);
        else if (options.method === "GET" && options.url.includes("/check-runs"))
          for (const text of textsOf(data, appId)) for (const trace of tracesIn(text)) saw(trace);
      });
      octokit.hook.error("request", (error, options) => {
        if (createdOn(options) !== null) unclearAt = now();
        throw error;
      });
    },
    isOwn({ what, id, at }) {
      if (createdBy(instance).has(`${what} ${id}`)) return true;
      if (Math.abs(at - unclearAt) < UNCLEAR_MS) return true;
      if (at <= began() + OVERLAP_MS) return true;
      saw({ instance: null, at });
      return false;
    },
    other: () => (performance.now() - seenAt < GONE_MS ? last : null),
    owesTrace: () => instance.other() !== null && signedAt < seenAt,
    onOther: (tell) => listeners.push(tell),
  };

  function made(what: OwnCreation["what"], number: unknown): void {
    creates++;
    createdBy(instance).set(`${what} ${number}`, true);
  }

  /** What was written before this process began is another's that it follows. */
  function saw(trace: Trace): void {
    if (trace.instance === id || trace.at <= began() + OVERLAP_MS) return;
    if (last !== null && trace.at <= last.at) return;
    last = trace;
    seenAt = performance.now() - Math.max(0, clock() - trace.at);
    for (const tell of listeners) tell(trace);
  }

  /** By GitHub's clock. */
  function began(): number {
    return clock() - (performance.now() - startedAt);
  }

  return instance;
}

interface Options {
  readonly method: string;
  readonly url: string;
}

function writesCheck({ method, url }: Options): boolean {
  return method !== "GET" && /\/check-runs(?:\/\{check_run_id\})?$/.test(url);
}

function createdOn({ method, url }: Options): OwnCreation["what"] | null {
  if (method !== "POST") return null;
  if (url.endsWith("/issues/{issue_number}/comments")) return "comment";
  return url.endsWith("/{repo}/issues") ? "issue" : null;
}

/** The texts of the app's own runs: a signature in anybody else's proves nothing. */
function* textsOf(data: unknown, appId: number): Iterable<string> {
  const { check_runs: runs = [data] } = (data ?? {}) as { check_runs?: unknown };
  if (!Array.isArray(runs)) return;
  for (const run of runs as readonly RawRun[])
    if (Number(run?.app?.id) === appId && typeof run?.output?.text === "string") yield run.output.text;
}

interface RawRun {
  readonly app?: { readonly id?: unknown } | null;
  readonly output?: { readonly text?: unknown } | null;
}

function* tracesIn(text: string): Iterable<Trace> {
  for (const [, instance = "", time = ""] of text.matchAll(SIGNATURE)) {
    const at = Date.parse(time);
    if (!Number.isNaN(at)) yield { instance, at };
  }
}
