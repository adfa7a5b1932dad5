const bounded = new WeakSet<object>();

/** `fetch` with an end: the whole answer within `timeoutMs`, and what should be JSON is JSON. */
export function boundedFetch(
  timeoutMs: number,
  inner: typeof fetch = (...args) => fetch(...args),
): typeof fetch {
  // An installation's client inherits the options of the app's, and may come with a bounded one.
  if (bounded.has(inner)) return inner;
  const outer: typeof fetch = async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const response = await inner(input, { ...init, signal });
    // Octokit takes a body that breaks off, and JSON that does not parse, for a success with a string as
    // data.
    const body = await response.arrayBuffer();
    const text = new TextDecoder().decode(body);
    requireJson(init?.method ?? "GET", response, text);
    const { status, statusText, ok, url, headers } = response;
    // A `Response` made anew would have a stream of its own for what is there already.
    const whole = {
      status,
      statusText,
      ok,
      url,
      headers,
      text: async () => text,
      arrayBuffer: async () => body,
    };
    return whole as Response;
  };
  bounded.add(outer);
  return outer;
}

function requireJson(method: string, { ok, status, headers }: Response, text: string): void {
  if (!ok || status === 204 || status === 205) return;
  // Answers to writes may be empty; those to reads may not.
  if (method !== "GET" && (method === "HEAD" || text === "")) return;
  try {
    if (headers.get("content-type")?.includes("json")) {
      JSON.parse(text);
      return;
    }
  } catch {}
  throw Object.assign(new Error("the answer is cut off or not JSON"), { name: "InvalidAnswer" });
}
