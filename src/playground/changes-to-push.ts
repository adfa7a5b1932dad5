import { STRIPE, STRIPE_FIXED, UNRELATED } from "../demo/kamiyo.ts";

/** Something that a visitor can put into a commit. */
export interface Change {
  readonly id: string;
  readonly label: string;
  /** Path to content. `times`: how often it was pushed before, so that each push changes something. */
  files(times: number): Readonly<Record<string, string>>;
}

export const CHANGES: readonly Change[] = [
  { id: "fix", label: `the fix (${STRIPE})`, files: () => ({ [STRIPE]: STRIPE_FIXED }) },
  {
    id: "more",
    label: `the fix and one more line (${STRIPE})`,
    files: (times) => ({
      [STRIPE]: `${STRIPE_FIXED}${Array.from({ length: times + 1 }, (_, i) => `# Checked again: ${i + 1}\n`).join("")}`,
    }),
  },
  { id: "unrelated", label: "three files that have nothing to do with it", files: () => UNRELATED },
  {
    id: "dependency",
    label: "a new dependency (requirements.txt)",
    files: () => ({ "requirements.txt": "stripe==9.1.0\n" }),
  },
  {
    id: "test",
    label: "a test (tests/test_stripe.py)",
    files: () => ({
      "tests/test_stripe.py":
        'from src.payments.stripe import verify_webhook_signature\n\n\ndef test_secret_that_is_not_ascii():\n    assert verify_webhook_signature(b"{}", "t=1", "sécret")\n',
    }),
  },
];

/** The files of the changes with these ids; later ones win. */
export function filesOf(ids: readonly string[], times: number): Record<string, string> {
  return Object.assign(
    {},
    ...CHANGES.filter(({ id }) => ids.includes(id)).map((change) => change.files(times)),
  );
}
