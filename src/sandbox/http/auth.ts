import { createPublicKey, randomBytes, verify } from "node:crypto";
import { refuse } from "../errors.ts";
import type { InstallationToken, UserState } from "../state.ts";
import type { World } from "../world.ts";

/** Who a request comes from, by its token. */
export type Caller =
  | { kind: "nobody" }
  | { kind: "app" }
  | { kind: "installation"; token: InstallationToken }
  | { kind: "user"; user: UserState };

const seconds = (world: World): number => Math.floor(Date.parse(world.now()) / 1000);

/** Who a request comes from; 401 for credentials that are bad or expired. */
export function authenticate(world: World, header: string | undefined): Caller {
  if (header === undefined) return { kind: "nobody" };
  const [scheme = "", value = ""] = header.split(" ");
  if (!/^(bearer|token)$/i.test(scheme)) throw refuse(401, "Bad credentials");
  if (value.split(".").length === 3) {
    checkJwt(world, value);
    return { kind: "app" };
  }
  const token = world.tokens.get(value);
  if (token) {
    if (token.expiresAt <= seconds(world)) throw refuse(401, "Bad credentials");
    return { kind: "installation", token };
  }
  for (const user of world.users.values())
    if (user.token === value && user.type === "User") return { kind: "user", user };
  throw refuse(401, "Bad credentials");
}

function checkJwt(world: World, jwt: string): void {
  const undecodable = () => refuse(401, "A JSON web token could not be decoded");
  const [head = "", claims = "", signature = ""] = jwt.split(".");
  let header: { alg?: unknown };
  let payload: { iss?: unknown; exp?: unknown; iat?: unknown };
  try {
    header = JSON.parse(Buffer.from(head, "base64url").toString()) as typeof header;
    payload = JSON.parse(Buffer.from(claims, "base64url").toString()) as typeof payload;
  } catch {
    throw undecodable();
  }
  if (header.alg !== "RS256") throw undecodable();
  const key = createPublicKey(world.app.publicKey);
  if (!verify("RSA-SHA256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url")))
    throw undecodable();
  if (String(payload.iss) !== String(world.app.id)) throw refuse(404, "Integration not found");
  const now = seconds(world);
  const { exp, iat } = payload;
  if (typeof exp !== "number" || exp <= now)
    throw refuse(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > now + 600) throw refuse(401, "'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== "number" || iat > now + 5)
    throw refuse(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
}

/** An installation token; with `permissions` or `repositories` only for these. */
export function mint(
  world: World,
  installation: number,
  wanted: Record<string, string> | undefined,
  repositories: number[] | null,
): InstallationToken {
  const granted: Record<string, string> = { metadata: "read", ...world.options.permissions };
  for (const [name, level] of Object.entries(wanted ?? {}))
    if (!granted[name] || (level === "write" && granted[name] !== "write"))
      throw refuse(422, "The permissions requested are not granted to this installation.");
  const token: InstallationToken = {
    token: `ghs_${randomBytes(18).toString("hex")}`,
    installation,
    permissions: wanted ? { metadata: "read", ...wanted } : granted,
    repositories,
    expiresAt: seconds(world) + 3600,
  };
  world.tokens.set(token.token, token);
  return token;
}
