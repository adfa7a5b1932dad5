import type { Redis } from "ioredis";

/** Width of a band of priorities: BullMQ takes 1 to 2,097,152, of which each of four bands has a quarter. */
export const BAND = 524_288;

/** A guessed place in line that is off by so few is as fair. */
const NEAR = 8;

/**
 * Notes what a job is for, and says which priority it has. Fair by virtual time: the n-th that waits of an
 * installation comes after the n-th of any other; where the guess is near that, it is the guess. Within a key
 * what waits already keeps its turn, unless something more urgent came (`raised`). Whose run of the key it
 * came beside is noted (`beside`).
 */
const PUSH = `
local entries, attempt, turn, times, course = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local entry, band, flow, width, most = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local guess, near = tonumber(ARGV[6]), tonumber(ARGV[7])
local waiting = redis.call('RPUSH', entries, entry)
if waiting > most then redis.call('LTRIM', entries, -most, -1) end
redis.call('HDEL', attempt, 'failures')
redis.call('HSET', course, 'beside', redis.call('HGET', course, 'run') or '')
redis.call('PEXPIRE', course, 3600000)
local had = tonumber(redis.call('GET', turn) or '-1')
if waiting > 1 and had >= 0 and math.floor(had / width) <= band then return {had, 'kept'} end
local clock = tonumber(redis.call('HGET', times, 'clock:' .. band) or '0')
local last = tonumber(redis.call('HGET', times, flow .. ':' .. band) or '0')
local at = math.max(clock, last) + 1
if at >= width then
  redis.call('DEL', times)
  at = 1
elseif math.abs(guess - at) <= near then
  at = guess
end
redis.call('HSET', times, flow .. ':' .. band, math.max(at, last))
redis.call('PEXPIRE', times, 3600000)
local priority = band * width + at
redis.call('SET', turn, priority)
return {priority, waiting > 1 and 'raised' or 'new'}
`;

/**
 * The job begins: gives all that it is for. That stays noted until it is done, so that it is not lost with
 * the process. The virtual clock goes on to its turn. `follows`: all of it came beside a run of this
 * instance, and none of it is left over from a run without an end.
 */
const TAKE = `
local entries, taken, turn, times, attempt, course = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local priority, width, now, instance = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4]
local isNew = redis.call('LLEN', taken) == 0
local follows = isNew and redis.call('HGET', course, 'beside') == instance and 1 or 0
redis.call('HDEL', course, 'beside')
for _, entry in ipairs(redis.call('LRANGE', entries, 0, -1)) do redis.call('RPUSH', taken, entry) end
redis.call('DEL', entries, turn)
if redis.call('LLEN', taken) > 0 then
  redis.call('HSET', course, 'run', instance)
  redis.call('PEXPIRE', course, 3600000)
end
local clock = 'clock:' .. math.floor(priority / width)
if priority % width > tonumber(redis.call('HGET', times, clock) or '0') then
  redis.call('HSET', times, clock, priority % width)
end
if redis.call('LLEN', taken) > 0 then redis.call('HSETNX', attempt, 'since', now) end
return {redis.call('LRANGE', taken, 0, -1), redis.call('HGET', attempt, 'number') or '0', redis.call('HGET', attempt, 'since') or now, follows}
`;

/** Gives the lease to whoever has it or asks first. */
const LEASE = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/**
 * An instance says that it is there. Those that have not said so for a while, and did not say that they end,
 * are struck off, and that is noted. By Redis' clock: those of instances may differ.
 */
const BEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
if redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2]) > 0 then redis.call('SET', KEYS[2], 1) end
return 1
`;

/** What the scripts do, typed. */
export interface Scripts {
  push(
    keys: { entries: string; attempt: string; turn: string; times: string; course: string },
    entry: string,
    band: number,
    flow: string,
    /** Which place in its band it is likely to get. */
    guess: number,
  ): Promise<{ readonly priority: number; readonly place: "new" | "kept" | "raised" }>;
  take(
    keys: {
      entries: string;
      taken: string;
      turn: string;
      times: string;
      attempt: string;
      course: string;
    },
    priority: number,
    now: number,
    instance: string,
  ): Promise<{
    readonly entries: readonly string[];
    readonly number: number;
    readonly since: number;
    readonly follows: boolean;
  }>;
  beat(instances: string, gone: string, instance: string, silentMs: number): Promise<void>;
  /** False: somebody else has it. */
  lease(key: string, owner: string, ms: number): Promise<boolean>;
  release(key: string, owner: string): Promise<void>;
}

/** Of one key so many events are remembered that nobody has looked at. */
const MOST_ENTRIES = 1_000;

/** The scripts on a connection. */
export function scriptsOf(redis: Redis): Scripts {
  const run = (script: string, keys: readonly string[], args: readonly (string | number)[]) =>
    redis.eval(script, keys.length, ...keys, ...args);
  return {
    async push({ entries, attempt, turn, times, course }, entry, band, flow, guess) {
      const args = [entry, band, flow, BAND, MOST_ENTRIES, guess, NEAR];
      const keys = [entries, attempt, turn, times, course];
      const [priority, place] = (await run(PUSH, keys, args)) as [number, "new" | "kept" | "raised"];
      return { priority, place };
    },
    async take({ entries, taken, turn, times, attempt, course }, priority, now, instance) {
      const keys = [entries, taken, turn, times, attempt, course];
      const [all, number, since, follows] = (await run(TAKE, keys, [priority, BAND, now, instance])) as [
        string[],
        string,
        string,
        number,
      ];
      return { entries: all, number: Number(number), since: Number(since), follows: follows === 1 };
    },
    async beat(instances, gone, instance, silentMs) {
      await run(BEAT, [instances, gone], [instance, silentMs]);
    },
    lease: async (key, owner, ms) => (await run(LEASE, [key], [owner, ms])) === 1,
    async release(key, owner) {
      await run(RELEASE, [key], [owner]);
    },
  };
}
