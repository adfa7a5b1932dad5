import { type Fact, known, neverKnown, unknown } from "../../policy/fact.ts";
import { OthersUnknown } from "./exclusively.ts";

/** Entries a page that every list is asked for: GitHub's maximum. */
export const PER_PAGE = 100;
/** A list that goes on after so many pages is unknown: GitHub's own cap is 3,000 files. */
const MAX_PAGES = 30;

/** Thrown by callers of `read` where GitHub's answer has not the form that it documents. */
export class UnexpectedAnswer extends Error {
  override name = "UnexpectedAnswer";
}

/** A list has more pages than are read: what was read of it is not all, and so proves nothing. */
export class TooLong extends Error {
  override name = "TooLong";
  constructor(pages: number) {
    super(`there are more than ${(pages * PER_PAGE).toLocaleString("en-US")} entries`);
  }
}

/** Why a request failed, in plain words: no URL, no token, nothing of the body. */
export interface Failure {
  /**
   * GitHub's status; `null`: no usable answer (network, timeout, cut off), so whether a write happened is not
   * known.
   */
  readonly status: number | null;
  /** 429, or a 403 that is about the rate limit: says nothing about what was asked. */
  readonly rateLimited: boolean;
  /** "GitHub answered 502". */
  readonly reason: string;
}

interface RequestFailure {
  readonly status: number;
  readonly message: string;
  readonly cause?: unknown;
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> };
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  401: "the app's credentials were not accepted",
  403: "the app is not allowed to",
  404: "not found",
  409: "conflict",
  410: "gone or disabled",
  422: "the request was refused",
};

/** What a thrown error of an Octokit request means. Never throws. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof TooLong || error instanceof OthersUnknown)
    return { status: null, rateLimited: false, reason: error.message };
  if (!isRequestFailure(error)) {
    return { status: null, rateLimited: false, reason: "GitHub's answer had an unexpected form" };
  }
  // Octokit gives status 500 to requests that got no answer; only those lack a response.
  if (error.response === undefined && error.status === 500) {
    return { status: null, rateLimited: false, reason: withoutAnswer(error) };
  }
  const { status } = error;
  if (isRateLimit(error)) return { status, rateLimited: true, reason: rateLimitReason(error) };
  const words = wordsFor(error);
  return {
    status,
    rateLimited: false,
    reason: `GitHub answered ${status}${words === undefined ? "" : ` (${words})`}`,
  };
}

/** What GitHub says of a place that cannot be written to, else what the status stands for. */
function wordsFor({ status, message }: RequestFailure): string | undefined {
  const said = status === 403 ? message.slice(0, 1_000) : "";
  if (/\barchived\b/i.test(said)) return "the repository is archived";
  if (/\bis locked\b/i.test(said)) return "the conversation is locked";
  return STATUS_WORDS[status];
}

function isRequestFailure(error: unknown): error is RequestFailure {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}

function withoutAnswer(error: RequestFailure): string {
  const name = error.cause instanceof Error ? error.cause.name : error.message;
  if (name === "TimeoutError") return "GitHub did not answer in time";
  if (name === "InvalidAnswer") return "GitHub's answer was cut off or is not JSON";
  return "GitHub could not be reached";
}

function isRateLimit({ status, message, response }: RequestFailure): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const headers = response?.headers ?? {};
  return (
    String(headers["x-ratelimit-remaining"]) === "0" ||
    headers["retry-after"] !== undefined ||
    /rate limit|abuse detection/i.test(message.slice(0, 1_000))
  );
}

function rateLimitReason({ response }: RequestFailure): string {
  const headers = response?.headers ?? {};
  const seconds = Number(headers["retry-after"]);
  const reset = Number(headers["x-ratelimit-reset"]);
  const at = seconds > 0 ? serverNow(headers) + seconds * 1_000 : reset > 0 ? reset * 1_000 : Number.NaN;
  // An absurd header must not become a RangeError.
  if (!(at < 8.64e15)) return "GitHub's rate limit is used up";
  return `GitHub's rate limit is used up, free again at ${new Date(at).toISOString().slice(11, 16)} UTC`;
}

function serverNow(headers: Readonly<Record<string, string | number | undefined>>): number {
  const date = Date.parse(String(headers.date));
  return Number.isNaN(date) ? Date.now() : date;
}

/** What certain answers mean to the one who asks; without these, every failure is unknown. */
export interface ReadOptions<N = never, F = never> {
  /** GitHub answered 404: the fact's value, where "it is not there" is an answer. */
  readonly notFound?: () => N;
  /** GitHub answered 403, and not because of a rate limit. */
  readonly forbidden?: () => F;
  /**
   * What people can do where the list is too long for ever; by default, open a new pull request from a new
   * branch.
   */
  readonly wayOut?: string;
}

/**
 * Makes a fact of a request. `what` names it in plain words ("the files of the pull request"). Never throws:
 * every failure, an answer of unexpected form (whatever `request` throws) included, is unknown.
 */
export async function read<T, N = never, F = never>(
  what: string,
  request: () => Promise<T>,
  options: ReadOptions<N, F> = {},
): Promise<Fact<T | N | F>> {
  try {
    return known(await request());
  } catch (error) {
    const failure = describeFailure(error);
    if (error instanceof TooLong) return neverKnown(`${what}: ${failure.reason}`, options.wayOut);
    if (failure.status === 404 && options.notFound) return known(options.notFound());
    if (failure.status === 403 && !failure.rateLimited && options.forbidden) {
      return known(options.forbidden());
    }
    return unknown(`${what}: ${failure.reason}`);
  }
}

/** One page of a list: its entries and the `Link` header that leads to the others. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly headers: { readonly link?: string | undefined };
}

/** How a list of several pages is read: as `ReadOptions`, and how far. */
export interface ReadPagesOptions<N = never, F = never> extends ReadOptions<N, F> {
  /**
   * A list that goes on after so many pages is unknown, never cut short. 30 by default: GitHub's 3,000 files.
   */
  readonly maxPages?: number;
}

/**
 * Reads a whole list, oldest page first. `page(n)` asks for page `n` (from 1) with `per_page: PER_PAGE`.
 * Pages are read side by side once GitHub has said which is the last. Not for lists that are paged by a
 * cursor (activity, deliveries).
 */
export function readPages<T, N = never, F = never>(
  what: string,
  page: (page: number) => Promise<Page<T>>,
  { maxPages, ...options }: ReadPagesOptions<N, F> = {},
): Promise<Fact<readonly T[] | N | F>> {
  return read(what, () => allPages(page, maxPages), options);
}

/**
 * As `readPages`, for callers that have to tell failures apart: rejects instead, with `TooLong` where the
 * list goes on.
 */
export async function allPages<T>(
  page: (page: number) => Promise<Page<T>>,
  maxPages = MAX_PAGES,
): Promise<readonly T[]> {
  const pages = [entries(await page(1))];
  let link = pages[0]?.headers.link;
  const last = pageNumber(link, "last") ?? 1;
  if (last > maxPages) throw new TooLong(maxPages);
  const rest = await Promise.all(Array.from({ length: last - 1 }, (_, i) => page(i + 2)));
  for (const each of rest) pages.push(entries(each));
  // A full page without a word of others may be all there is; or something on the way has lost the word.
  while (link === undefined && (pages.at(-1)?.data.length ?? 0) >= PER_PAGE) {
    if (pages.length >= maxPages) throw new TooLong(maxPages);
    pages.push(entries(await page(pages.length + 1)));
  }
  link = pages.at(-1)?.headers.link;
  // No last page named, or the list has grown meanwhile.
  for (let next = pageNumber(link, "next"); next !== undefined; next = pageNumber(link, "next")) {
    if (next <= pages.length) throw new UnexpectedAnswer("the pages lead back");
    if (next > maxPages) throw new TooLong(maxPages);
    const one = entries(await page(next));
    pages.push(one);
    link = one.headers.link;
  }
  return pages.flatMap((each) => each.data);
}

function entries<T>(page: Page<T>): Page<T> {
  if (!Array.isArray(page.data)) throw new UnexpectedAnswer("a list was expected");
  return page;
}

/** The page that a `Link` header gives for `rel`; `undefined` where it gives none. */
function pageNumber(link: string | undefined, rel: "next" | "last"): number | undefined {
  for (const part of link?.split(",") ?? []) {
    if (!part.includes(`rel="${rel}"`)) continue;
    const url = part.slice(part.indexOf("<") + 1, part.indexOf(">"));
    const page = Number(URL.canParse(url) ? new URL(url).searchParams.get("page") : Number.NaN);
    if (!Number.isSafeInteger(page) || page < 1) throw new UnexpectedAnswer("a page without a number");
    return page;
  }
  return undefined;
}
