/** Why a file is not read any further. Thrown and caught within the reading of YAML only. */
export class Refusal extends Error {
  /** Offset in the text. */
  readonly offset: number;
  readonly fix: string;
  constructor(offset: number, message: string, fix: string) {
    super(message);
    this.offset = offset;
    this.fix = fix;
  }
}
