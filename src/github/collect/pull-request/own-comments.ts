import { doubledComments } from "../../../policy/doubled-comments.ts";
import type { History } from "../../../policy/snapshot/history.ts";

/** How the hidden marker of the status comment begins. */
const STATUS = "<!-- hotfix-guard:status";
/** Every marker of the app; the class has no `>`, so that a search takes time linear in the text. */
const MARKER = /<!-- hotfix-guard:[^<>\n]{1,200} -->/g;

/** What the app itself has written on a pull request. */
export interface OwnComments {
  /** The oldest, should there be two. */
  readonly statusComment: { readonly id: number; readonly body: string } | null;
  /** Markers in the app's other comments, as written: what is here was said already. */
  readonly answers: ReadonlySet<string>;
  /** Those that say what an older one says, as two instances leave them. */
  readonly doubled: readonly number[];
}

/** The app's own comments. A marker in anybody else's comment proves nothing. */
export function ownComments({ comments }: History): OwnComments {
  const own = comments.filter(({ byApp }) => byApp);
  const isStatus = ({ body }: { body: string }) => body.includes(STATUS);
  const status = own.find(isStatus);
  const others = own.filter((comment) => !isStatus(comment));
  return {
    statusComment: status === undefined ? null : { id: status.id, body: status.body },
    answers: new Set(others.flatMap(({ body }) => body.match(MARKER) ?? [])),
    doubled: doubledComments(comments),
  };
}
