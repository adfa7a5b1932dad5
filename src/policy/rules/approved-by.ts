import { isMissing, isPending } from "../commit-message/left-over.ts";
import { mentions } from "../commit-message/names.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";

/** What the commit says of the approval is what happened. */
export const approvedBy: Rule<NoOptions> = {
  meta: {
    id: "approved-by",
    title: "Approved-By",
    rationale:
      "The commit stays when labels and reviews are forgotten; it should name who answered for the hotfix.",
    level: "warn",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "Names {named}, who approved", fix: "" },
      pending: { found: "pending: the app records who it was", fix: "" },
      "nobody-yet": { found: "Names {named}; pending approval", fix: "" },
      "no-field": { found: "Pending the field Approved-By", fix: "" },
      "somebody-else": {
        found: "Names {named}; approved by {approvers}",
        fix: "Leave it: the post-mortem says who it was. Or amend the commit with Approved-By: pending, and get it approved again.",
      },
    },
  },
  check({ snapshot, hotfix: { commit, approval } }) {
    if (!commit.known) return unknownFinding(commit.reason);
    const named = commit.value?.message.fields["Approved-By"];
    if (named === undefined || isMissing("Approved-By", named)) return finding("not-applicable", "no-field");
    if (isPending("Approved-By", named)) return finding("satisfied", "pending");
    const { counted, undecided } = approval;
    const profiles = counted.map(({ login }) => snapshot.people[login.toLowerCase()]?.profile);
    const isNamed = counted.some(({ login, role }, i) => {
      const profile = profiles[i];
      const name = profile?.known ? profile.value.name : null;
      return mentions(named, login) || mentions(named, role) || mentions(named, name ?? "");
    });
    if (isNamed) return finding("satisfied", "ok", { named });
    if (undecided.length > 0) return unknownFinding(undecided.join("; "));
    if (counted.length === 0) return finding("not-applicable", "nobody-yet", { named });
    const unread = profiles.find((profile) => profile?.known === false);
    if (unread?.known === false) return unknownFinding(unread.reason);
    const approvers = counted.map(({ login, role }) => `${login} (${role})`);
    return finding("violated", "somebody-else", { named, approvers });
  },
};
