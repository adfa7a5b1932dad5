import type { Company } from "../company.ts";
import type { Form } from "./form.ts";

/** What an act of a visitor works with. */
export interface ActContext {
  readonly company: Company;
  /** Who acts: the login of a member of the cast. */
  readonly login: string;
  readonly form: Form;
}

/** What came of it. */
export interface Outcome {
  /** What to tell: one sentence. */
  readonly said: string;
  /** The page to go to; without it the visitor stays. */
  readonly to?: string;
  /** Who acts from now on. */
  readonly login?: string;
}

/** One thing that a person does on GitHub. Throws GitHub's refusal, or `FormError`. */
export type Act = (context: ActContext) => Promise<Outcome>;

export const pullPath = (number: number): string => `/kamiyo/api/pull/${number}`;
export const issuePath = (number: number): string => `/kamiyo/api/issues/${number}`;
