import type { Sandbox } from "../sandbox/index.ts";

/**
 * Another company on the embedded GitHub: it has no configuration, and an administrator who may bypass the
 * gate.
 */
export const SHOP = "hotaru/shop";
export const KEN = "ken-mori";
export const ADA = "ada-weiss";

export const CART = "src/cart.py";
const BEFORE = "def total(cart):\n    return sum(cart)\n\n\ndef count(cart):\n    return len(cart)\n";
export const TOTAL_FIXED = BEFORE.replace("sum(cart)", "sum(cart or [])  # HOTFIX: #1");
export const COUNT_FIXED = TOTAL_FIXED.replace("len(cart)", "len(cart or [])  # HOTFIX: #1");

/**
 * Sets the company up and protects `main` with the check, as Kamiyo does. Administrators may push and merge
 * past it.
 */
export async function setUpHotaru(sandbox: Sandbox): Promise<void> {
  sandbox.createOrganization("hotaru");
  sandbox.createUser(KEN, { name: "Ken Mori", email: "ken@hotaru.example" });
  sandbox.createUser(ADA, { name: "Ada Weiss", email: "ada@hotaru.example" });
  await sandbox.createRepository(SHOP, { files: { "README.md": "# Hotaru Shop\n", [CART]: BEFORE } });
  sandbox.setPermission(SHOP, KEN, "write");
  sandbox.setPermission(SHOP, ADA, "admin");
  sandbox.protect(SHOP, "main", { requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }] });
  await sandbox.as(KEN).createIssue(SHOP, { title: "The cart answers 500 when it is empty" });
}
