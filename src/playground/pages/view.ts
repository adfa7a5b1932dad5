import type { Member } from "../cast.ts";
import type { TourState } from "../tour/tour.ts";

/** What every page shows around its content. */
export interface Around {
  /** The path of this page, where forms come back to. */
  readonly path: string;
  readonly me: Member;
  /** The time on the embedded GitHub. */
  readonly now: Date;
  /** The embedded GitHub's address. */
  readonly github: string;
  readonly openIssues: number;
  readonly openPulls: number;
  /** `null`: free play. */
  readonly tour: TourState | null;
  /** What came of the last act. */
  readonly said: Said | null;
  /** The app runs no more: nothing will react. */
  readonly appEnded: boolean;
}

/** What the visitor's last act came to, shown once. */
export interface Said {
  readonly kind: "done" | "refused";
  readonly text: string;
}
