import { createHmac, randomUUID } from "node:crypto";
import { request } from "node:http";
import type { JsonObject } from "./state.ts";
import type { Delivery, Knobs } from "./types.ts";

const timeoutMs = 10_000;

/** Webhook deliveries: signed, logged, with the faults of the knobs, and never sent again by themselves. */
export class Hooks {
  readonly log: Delivery[] = [];
  faults: Knobs["deliveries"] = {};
  /** Logged for tests only: the app had no webhook URL yet, so GitHub would not know of them. */
  readonly unsent = new WeakSet<Delivery>();
  #url: string | undefined;
  #configured = false;
  readonly #appId: number;
  readonly #secret: string;
  readonly #now: () => string;
  readonly #pending = new Set<Promise<void>>();
  #held: (() => void)[] = [];
  #nextId = 100_000;
  #closed = false;

  constructor(appId: number, secret: string, now: () => string, url: string | undefined) {
    this.#appId = appId;
    this.#secret = secret;
    this.#now = now;
    this.url = url;
  }

  get url(): string | undefined {
    return this.#url;
  }

  set url(url: string | undefined) {
    this.#url = url;
    this.#configured ||= url !== undefined;
  }

  /** Logs a delivery and sends it off; does not wait for the answer. */
  send(event: string, installation: number | null, payload: JsonObject): Delivery {
    const delivery = this.#record(randomUUID(), event, installation, structuredClone(payload), false);
    if (!this.#configured) this.unsent.add(delivery);
    // Decided now, not when it is posted: what happens while the app is down must not reach it once it is up.
    if (this.faults.drop?.(delivery) || this.#url === undefined) return delivery;
    this.#dispatch(delivery);
    if (this.faults.double?.(delivery))
      this.#dispatch(this.#record(delivery.guid, event, installation, delivery.payload, false));
    return delivery;
  }

  /** Sends a logged delivery again, with its GUID. */
  async redeliver(guid: string): Promise<void> {
    const first = this.log.find((one) => one.guid === guid);
    if (!first) throw new Error(`sandbox: no delivery ${guid}`);
    const again = this.#record(guid, first.event, first.installationId, first.payload, true);
    await this.#track(this.#post(again));
  }

  /** Waits until no delivery is under way, those included that arise meanwhile. */
  async settle(): Promise<void> {
    do {
      this.#flush();
      await Promise.all(this.#pending);
    } while (this.#pending.size > 0 || this.#held.length > 0);
  }

  close(): void {
    this.#closed = true;
    this.#held = [];
  }

  #record(
    guid: string,
    event: string,
    installation: number | null,
    payload: JsonObject,
    redelivery: boolean,
  ): Delivery {
    const delivery: Delivery = {
      id: ++this.#nextId,
      guid,
      event,
      action: typeof payload.action === "string" ? payload.action : null,
      statusCode: undefined,
      payload,
      durationMs: undefined,
      deliveredAt: this.#now(),
      redelivery,
      installationId: installation,
    };
    this.log.push(delivery);
    return delivery;
  }

  #dispatch(delivery: Delivery): void {
    const start = () => {
      const wait = this.faults.delayMs ?? 0;
      // The first turn of the event loop belongs to the answer of the request that caused the event.
      const job = new Promise<void>((done) => setTimeout(done, wait).unref()).then(() =>
        this.#post(delivery),
      );
      void this.#track(job);
    };
    const group = this.faults.reorder ?? 0;
    if (group < 2) start();
    else if (this.#held.push(start) >= group) this.#flush();
  }

  #flush(): void {
    const held = this.#held.reverse();
    this.#held = [];
    for (const start of held) start();
  }

  #track(job: Promise<void>): Promise<void> {
    const tracked = job.finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
    return tracked;
  }

  #post(delivery: Delivery): Promise<void> {
    if (this.url === undefined || this.#closed) return Promise.resolve();
    const body = Buffer.from(JSON.stringify(delivery.payload));
    const signature = createHmac("sha256", this.#secret).update(body).digest("hex");
    const started = performance.now();
    return new Promise((resolve) => {
      const done = (status: number) => {
        if (delivery.statusCode === undefined) {
          delivery.statusCode = status;
          delivery.durationMs = Math.round(performance.now() - started);
        }
        clearTimeout(timer);
        resolve();
      };
      const call = request(this.url as string, {
        method: "POST",
        agent: false,
        headers: {
          "content-type": "application/json",
          "content-length": body.length,
          accept: "*/*",
          "user-agent": "GitHub-Hookshot/5a0d0b1",
          "x-github-delivery": delivery.guid,
          "x-github-event": delivery.event,
          "x-github-hook-id": "1",
          "x-github-hook-installation-target-id": String(this.#appId),
          "x-github-hook-installation-target-type": "integration",
          "x-hub-signature-256": `sha256=${signature}`,
        },
      });
      const timer = setTimeout(() => {
        done(0);
        call.destroy();
      }, timeoutMs);
      call.on("response", (response) => {
        response.resume();
        done(response.statusCode ?? 0);
      });
      call.on("error", () => done(0));
      call.end(body);
    });
  }
}
