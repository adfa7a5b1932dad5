import type { Delivery, RequestLog } from "../../sandbox/index.ts";
import { page } from "./layout.tsx";
import { Time } from "./parts.tsx";
import type { Around } from "./view.ts";

const SHOWN = 60;

/** What went over the wire: webhooks to the app, and what it wrote. */
export function webhooksPage(
  deliveries: readonly Delivery[],
  requests: readonly RequestLog[],
  around: Around,
) {
  const writes = requests.filter(
    ({ method, path, installationToken }) =>
      installationToken && method !== "GET" && !path.includes("graphql"),
  );
  return page({
    title: "Webhooks",
    tab: "hooks",
    around,
    children: (
      <>
        <h1>Webhooks</h1>
        <p>What GitHub told the app, signed, and what the app wrote in answer. The newest is first.</p>
        <div class="halves">
          <section aria-labelledby="told">
            <h2 id="told">GitHub told Hotfix Guard</h2>
            <table class="wire">
              <thead>
                <tr>
                  <th scope="col">Event</th>
                  <th scope="col">Answer</th>
                  <th scope="col">When</th>
                </tr>
              </thead>
              <tbody>
                {deliveries
                  .filter(({ statusCode }) => statusCode !== undefined)
                  .slice(-SHOWN)
                  .reverse()
                  .map(({ event, action, statusCode, durationMs, deliveredAt }) => (
                    <tr>
                      <td>
                        <code>{action === null ? event : `${event}.${action}`}</code>
                      </td>
                      <td>
                        {statusCode} in {durationMs} ms
                      </td>
                      <td>
                        <Time at={deliveredAt} />
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </section>
          <section aria-labelledby="wrote">
            <h2 id="wrote">Hotfix Guard wrote</h2>
            <table class="wire">
              <thead>
                <tr>
                  <th scope="col">Request</th>
                  <th scope="col">Answer</th>
                </tr>
              </thead>
              <tbody>
                {writes
                  .slice(-SHOWN)
                  .reverse()
                  .map(({ method, path, status }) => (
                    <tr>
                      <td>
                        <code>
                          {method} {path.replace("/repos/kamiyo/api", "…")}
                        </code>
                      </td>
                      <td>{status}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
            <p class="muted">
              {requests.filter(({ installationToken }) => installationToken).length} requests in all,{" "}
              {requests.filter(({ status }) => status === 304).length} of them answered “not modified”.
            </p>
          </section>
        </div>
      </>
    ),
  });
}
