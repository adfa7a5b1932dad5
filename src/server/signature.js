// @ts-check Plain JavaScript, so that the thread of large payloads runs it from src and dist alike.
import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Is this the signature of the body, as GitHub's `X-Hub-Signature-256` has it
 * (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries)? Compares in constant time.
 *
 * @param {Uint8Array} body @param {string} secret @param {string} signature @returns {boolean}
 */
export function isSigned(body, secret, signature) {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
