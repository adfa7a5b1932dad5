import type { Redis } from "ioredis";

/** Milliseconds between two writes that people read: 79 a minute, as in one process. */
const PEOPLE_EVERY_MS = 760;
const PEOPLE_AN_HOUR = 500;
/** Writes of any kind: so many at once, and then one in so many milliseconds. */
const WRITES_AT_ONCE = 180;
const WRITE_EVERY_MS = 334;

/**
 * When a write may go (GCRA, "leaky bucket as a meter"): the time of the next free turn is kept, and each
 * write moves it on. The hour's count slides over two fixed hours. All by Redis' clock: those of instances
 * may differ.
 */
const TURN = `
local turns, hour, paused = KEYS[1], KEYS[2], KEYS[3]
local every, burst, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local pausedMs = redis.call('PTTL', paused)
if pausedMs > 0 then return {0, pausedMs, 0} end
if most > 0 then
  local index, into = math.floor(now / 3600000), (now % 3600000) / 3600000
  local before = tonumber(redis.call('GET', hour .. ':' .. (index - 1)) or '0')
  local here = tonumber(redis.call('GET', hour .. ':' .. index) or '0')
  if before * (1 - into) + here >= most then return {0, 0, 1} end
  redis.call('INCR', hour .. ':' .. index)
  redis.call('PEXPIRE', hour .. ':' .. index, 7200000)
end
local free = math.max(now - (burst - 1) * every, tonumber(redis.call('GET', turns) or '0'))
redis.call('SET', turns, free + every, 'PX', math.max(1, math.ceil(free + every - now)) + burst * every)
return {math.max(0, math.ceil(free - now)), 0, 0}
`;

/** What all instances keep to together, by installation and lane. Rejects where Redis cannot be reached. */
export interface SharedLimits {
  turn(
    installation: string,
    lane: "verdict" | "people",
  ): Promise<{
    readonly waitMs: number;
    /** For so long; 0: GitHub has asked for no pause. */
    readonly pausedMs: number;
    /** The hour has no more of it. */
    readonly full: boolean;
  }>;
  /** GitHub has asked for a pause of so long. */
  pause(installation: string, lane: "verdict" | "people", ms: number): Promise<void>;
}

/** Limits of writes, kept in Redis. */
export function createSharedLimits(redis: Redis, prefix: string): SharedLimits {
  const paused = (installation: string, lane: string) => `${prefix}:paused:${installation}:${lane}`;
  return {
    async turn(installation, lane) {
      const people = lane === "people";
      const keys = [
        `${prefix}:turns:${installation}:${lane}`,
        `${prefix}:hour:${installation}:${lane}`,
        paused(installation, lane),
      ];
      const args = [
        people ? PEOPLE_EVERY_MS : WRITE_EVERY_MS,
        people ? 1 : WRITES_AT_ONCE,
        people ? PEOPLE_AN_HOUR : 0,
      ];
      const [waitMs, pausedMs, full] = (await redis.eval(TURN, keys.length, ...keys, ...args)) as [
        number,
        number,
        number,
      ];
      return { waitMs, pausedMs, full: full === 1 };
    },
    async pause(installation, lane, ms) {
      await redis.set(paused(installation, lane), "1", "PX", Math.max(1, Math.ceil(ms)));
    },
  };
}
