import { INCIDENT, STRIPE, STRIPE_FIXED, UNRELATED } from "../demo/kamiyo.ts";

/** Content of a file; `undefined`: there is none. */
type Content = (path: string) => string | undefined;

/** What the repository holds when something is pushed. */
export interface Tips {
  readonly main: Content;
  /** Of the branch that is pushed to; `main`'s where it is new. */
  readonly branch: Content;
}

/** Something that a visitor can put into a commit. */
export interface Change {
  readonly id: string;
  readonly label: string;
  /** The paths that it touches. */
  readonly paths: readonly string[];
  /** Path to content. */
  files(tips: Tips): Readonly<Record<string, string>>;
}

const CHECKED = /^# Checked again: \d+\n/gm;
const TEST = `from src.payments.stripe import verify_webhook_signature


def test_secret_that_is_not_ascii():
    assert verify_webhook_signature(b"{}", "t=1", "sécret")
`;

/** The fix; where it is on `main` already, another one, so that there is always something to merge. */
function fixed({ main }: Tips): string {
  const now = main(STRIPE) ?? "";
  if (!now.includes("secret.encode")) return STRIPE_FIXED;
  const n = (now.match(/# HOTFIX:/g) ?? []).length + 1;
  return `${now}\n\n# HOTFIX: Issue #${INCIDENT} - Stripe webhook signature verification, part ${n}\ndef is_signed_${n}(signature):\n    return bool(signature)\n`;
}

/** The same with a line more than the branch has. */
function fixedAndMore(tips: Tips): string {
  const lines = (tips.branch(STRIPE) ?? "").match(CHECKED)?.length ?? 0;
  const more = Array.from({ length: lines + 1 }, (_, i) => `# Checked again: ${i + 1}\n`).join("");
  return `${fixed(tips).replace(CHECKED, "")}${more}`;
}

export const CHANGES: readonly Change[] = [
  {
    id: "fix",
    label: `the fix (${STRIPE})`,
    paths: [STRIPE],
    files: (tips) => ({ [STRIPE]: fixed(tips) }),
  },
  {
    id: "more",
    label: `the fix and one more line (${STRIPE})`,
    paths: [STRIPE],
    files: (tips) => ({ [STRIPE]: fixedAndMore(tips) }),
  },
  {
    id: "unrelated",
    label: "three files that have nothing to do with it",
    paths: Object.keys(UNRELATED),
    files: () => UNRELATED,
  },
  {
    id: "dependency",
    label: "a new dependency (requirements.txt)",
    paths: ["requirements.txt"],
    files: () => ({ "requirements.txt": "stripe==9.1.0\n" }),
  },
  {
    id: "test",
    label: "a test (tests/test_stripe.py)",
    paths: ["tests/test_stripe.py"],
    files: () => ({ "tests/test_stripe.py": TEST }),
  },
];

/** The files of the changes with these ids; later ones win. */
export function filesOf(ids: readonly string[], tips: Tips): Record<string, string> {
  return Object.assign(
    {},
    ...CHANGES.filter(({ id }) => ids.includes(id)).map((change) => change.files(tips)),
  );
}
