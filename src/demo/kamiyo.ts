import type { Sandbox } from "../sandbox/index.ts";

/** The company of the procedure, on the embedded GitHub: people, roles, code and the incident. */
export const REPO = "kamiyo/api";
export const INCIDENT = 1234;
/** The developer, another engineer, the engineering manager. */
export const JOHN = "john-smith";
export const RITA = "rita-lopez";
export const JANE = "jane-doe";

export const STRIPE = "src/payments/stripe.py";

const STRIPE_BEFORE = `import stripe


def verify_webhook_signature(payload, signature, secret):
    return stripe.Webhook.verify_signature(payload, signature, secret)
`;

export const STRIPE_FIXED = `import stripe


# HOTFIX: Issue #${INCIDENT} - Stripe webhook signature verification
# The secret is UTF-8 text; Stripe signs with its bytes.
def verify_webhook_signature(payload, signature, secret):
    key = secret.encode("utf-8")
    return stripe.Webhook.verify_signature(payload, signature, key)
`;

/** What nobody needs in a hotfix. */
export const UNRELATED = {
  "src/ui/button.css": ".button {\n  border-radius: 6px;\n  color: #0a7;\n}\n",
  "src/ui/checkout.py": 'def label():\n    return "Pay now"\n',
  "src/reports/monthly.py": "def monthly(rows):\n    return sorted(rows)\n",
};

export const DEPLOYMENT_MESSAGE = `HOTFIX: Fix Stripe webhook signature verification

Fixes: #${INCIDENT}
Severity: P1
Impact: Payment webhooks failing, revenue impact
Root Cause: Incorrect UTF-8 encoding of webhook secret
Solution: Added explicit encoding handling

Tested: Local + Staging, all webhook events processed
Approved-By: pending
Deployed-By: John Smith`;

export const CONFIG = `# ${REPO}: who may approve a hotfix. Everything else is the default.
version: 1
roles:
  engineering-manager:
    teams: [engineering-managers]
components:
  payments: ["src/payments/**"]
`;

const LABELS = [
  "hotfix",
  ...["P0", "P1", "P2", "P3"].map((severity) => `severity:${severity}`),
  ...["on-call", "engineering-manager", "cto"].map((role) => `approved:${role}`),
  ...["post-mortem", "post-mortem:overdue", "rolled-back", "payment"],
];

/** Sets the company up and protects `main` with the check, pinned to the app. */
export async function setUpKamiyo(sandbox: Sandbox, config: string | null = CONFIG): Promise<void> {
  sandbox.createOrganization("kamiyo");
  sandbox.createUser(JOHN, { name: "John Smith", email: "john@kamiyo.example" });
  sandbox.createUser(RITA, { name: "Rita Lopez", email: "rita@kamiyo.example" });
  sandbox.createUser(JANE, { name: "Jane Doe", email: "jane@kamiyo.example" });
  sandbox.createTeam("kamiyo", "engineering-managers");
  await sandbox.addTeamMember("kamiyo", "engineering-managers", JANE);
  await sandbox.createRepository(REPO, {
    firstNumber: INCIDENT,
    files: {
      "README.md": "# Kamiyo API\n",
      ...(config === null ? {} : { ".github/hotfix.yml": config }),
      [STRIPE]: STRIPE_BEFORE,
      "src/ui/button.css": ".button {\n  border-radius: 4px;\n}\n",
      "src/ui/checkout.py": 'def label():\n    return "Pay"\n',
      "src/reports/monthly.py": "def monthly(rows):\n    return rows\n",
    },
  });
  for (const login of [JOHN, RITA, JANE]) sandbox.setPermission(REPO, login, "write");
  // It is not their first hotfix: the app's labels are there.
  for (const name of LABELS) await sandbox.as(RITA).request("POST", `/repos/${REPO}/labels`, { name });
  sandbox.protect(REPO, "main", { requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }] });
  await sandbox.as(RITA).createIssue(REPO, {
    title: "Stripe webhooks are rejected: invalid signature",
    body: "Every webhook answers 400. Orders stay unpaid.",
    labels: ["payment"],
  });
}
