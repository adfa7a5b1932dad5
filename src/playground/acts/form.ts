/** What a form sent, with what is missing told. */
export class Form {
  readonly #values: URLSearchParams;

  constructor(values: URLSearchParams) {
    this.#values = values;
  }

  /** Empty where it is not there. */
  text(name: string): string {
    return (this.#values.get(name) ?? "").replaceAll("\r\n", "\n");
  }

  /** Throws where it is empty. */
  need(name: string, what: string): string {
    const text = this.text(name).trim();
    if (text === "") throw new FormError(`${what} is missing.`);
    return text;
  }

  all(name: string): readonly string[] {
    return this.#values.getAll(name);
  }

  number(name: string): number {
    const number = Number(this.text(name));
    if (!Number.isSafeInteger(number) || number < 1) throw new FormError(`${name} is not a number.`);
    return number;
  }

  one<T extends string>(name: string, choices: readonly T[]): T {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new FormError(`${name} is none of ${choices.join(", ")}.`);
    return found;
  }
}

/** What somebody typed cannot be done; the message says why. */
export class FormError extends Error {}
