import type { Account, AppIdentity } from "../../policy/snapshot/account.ts";

/** A user as answers of GitHub's API and webhook payloads hold it; `type` is missing in some old ones. */
export interface RawAccount {
  readonly id?: number | bigint;
  readonly login: string;
  readonly type?: string;
}

/** `null` for an account that is gone. */
export function toAccount(raw: RawAccount | null | undefined): Account | null {
  if (typeof raw?.login !== "string") return null;
  return { ...idOf(raw), login: raw.login, type: accountType(raw) };
}

/** The account's number, where GitHub gives it. */
export function idOf(raw: { readonly id?: unknown } | null | undefined): { readonly id?: number } {
  const id = Number(raw?.id ?? Number.NaN);
  return Number.isSafeInteger(id) ? { id } : {};
}

function accountType({ login, type }: RawAccount): Account["type"] {
  // Only a bot's login can end so.
  if (login.toLowerCase().endsWith("[bot]")) return "Bot";
  switch (type) {
    case "Bot":
    case "Organization":
    case "Mannequin":
      return type;
    default:
      return "User";
  }
}

/**
 * Done by this app as itself. `performed_via_github_app` alone does not say so: it is there too where a
 * person acts by way of the app.
 */
export function isApp(
  account: Account | null,
  via: { readonly id?: number | bigint } | null | undefined,
  app: AppIdentity,
): boolean {
  if (account?.type !== "Bot") return false;
  return Number(via?.id) === app.id || account.login.toLowerCase() === `${app.slug}[bot]`.toLowerCase();
}
