/**
 * Every attack that was tried on the app, beside the honest twin that must still pass: a test's name (… for
 * what its table fills in), or that of its row in a table. `test/attacks.test.ts` holds that they are there,
 * that there are enough, and that none is skipped.
 */
export interface Tried {
  /** The number of the attack's kind in issue 8; `null`: found since. */
  readonly item: number | null;
  /** Below `test/`. */
  readonly file: string;
  readonly attacks: readonly string[];
  /** The honest twin of each, in the same file; `ROW`: each row of the table has its own. */
  readonly twin: string;
}

/** The table's type asks each row for an attack and an honest twin. */
export const ROW = "in its row";

const on = (item: number | null, topic: string, attacks: readonly string[], twin: string): Tried => ({
  item,
  file: topic.includes("/") ? topic : `scenario/attacks/${topic}.test.ts`,
  attacks,
  twin,
});

export const TRIED: readonly Tried[] = [
  on(
    1,
    "configuration",
    [
      "a private file",
      "a file that is not there",
      "a repository that is not there",
      "by an alias: nothing is read",
    ],
    "is validated, with the place of each problem",
  ),
  on(
    1,
    "configuration",
    [
      "extends what the writer may not read: it is not read",
      "extended by the default branch: every pull request is blocked, and nothing of it is shown",
      "the owner's private one: the same",
    ],
    "extends what the default branch does: read, and honest changes are judged with it",
  ),
  on(
    2,
    "configuration",
    [
      "holds up nobody: it is not parsed at all",
      "a writer's file of a kind that nobody meant is judged by what it is",
    ],
    "from the own fork is validated as well",
  ),
  on(
    2,
    "resources",
    ["comments of nested Markdown, and titles that go on for ever, hold up nobody"],
    "signed pushes of 20 MB hold up nobody",
  ),
  on(
    3,
    "landing",
    [
      "one that keeps one side's tree would undo the other side's fix",
      "nor with three lines at once",
      "one that drops what the base did",
      "one that adds what no commit shows, where commits are replayed",
    ],
    "an honest one lands what it shows",
  ),
  on(
    3,
    "landing",
    ["but from develop: its commits are named, and the commands leave them out"],
    "an honest one of two commits, brought to develop early, is made from main",
  ),
  on(
    4,
    "rollback",
    [
      "labeled as one after the merge, by triage",
      "given the title of one after the merge",
      "with a label that is called hotfix only since the merge",
      "whose head a stranger opened as a hotfix to another branch",
      "what is there again by an ordinary change is not the hotfix's any more",
      "a rollback that is labeled as a hotfix, among many that are",
    ],
    "after many other merges that somebody labeled as hotfixes",
  ),
  on(
    5,
    "heads",
    [
      "opened against release-1 by a stranger, from its own branch: merges nowhere until that is closed",
      "copied to a fork and opened against release-1 under an ordinary name: as a hotfix it is not approved there",
      "copied to a fork and opened against main: nobody is held up",
      "opened against develop by a stranger, as a hotfix: nobody is held up",
      "opened against develop, whose base is then changed to release-1: it was not judged for that",
      "opened against release-1 while events are lost: the next sweep takes the green",
      "opened against a branch that the configuration makes a production branch afterwards",
      "of somebody who has lost write access is not skipped by an ordinary pull request to develop",
      "opened while an ordinary pull request of its head is read is not skipped by what was read before",
    ],
    "and an approved one to release-1 of the same head: both merge",
  ),
  on(
    6,
    "resources",
    [
      "1,200 bodies of 900 kB without their last byte",
      "1,200 of them in chunks",
      "20 bodies of 25 MB without their last one",
      "1,200 heads without an end",
      "1,200 connections that send nothing",
    ],
    "signed pushes of 20 MB hold up nobody",
  ),
  on(
    7,
    "post-mortem",
    [
      "a dozen times by somebody with triage, for whatever reason: overdue, reminded, told once, and opened again the next day",
      "placeholders without their marks",
      "placeholders in bold",
      "placeholders in quotation marks",
      "None everywhere",
    ],
    "honest twin: complete, it stays closed and nobody hears of it",
  ),
  on(
    7,
    "post-mortem",
    [
      "the digest's issue",
      "an action item's issue",
      "another pull request's",
      "nothing at all, of a direct push",
      "the digest's issue, of a direct push",
    ],
    "honest twin: the digest's own issue is nothing that is due",
  ),
  on(
    7,
    "post-mortem",
    [
      "deleted",
      "converted to a discussion",
      "transferred to where the app is not",
      "issues turned off",
      "deleted while the app is down",
      "cannot be opened: told once, and opened once it can be",
      "its repository archived: told once, on the pull request",
    ],
    "honest twin: issues turned on again, and all is as it was",
  ),
  on(
    8,
    "people",
    [
      "calls nobody, however long it waits and whatever its author does",
      "calls nobody although another outsider reviews it and writes commands",
      "of somebody with triage, who labels it too: nobody",
      "hears nothing of an outsider's hotfix; once, when a writer takes it up",
    ],
    "honest twin: a writer takes it up, and people are called, told on whose word",
  ),
  on(
    8,
    "people",
    [
      "closed and reopened three times",
      "the app's comments deleted",
      "the app's comments deleted, and a restart",
      "the app's comments deleted, a new head, and a restart",
      "the app's comments deleted while it is closed, and a restart",
      "renamed",
      "made a draft, and ready again",
      "hears of a hotfix once, whoever deletes the status comment, restart or not",
    ],
    "honest twin: the next step still comes after all of that",
  ),
  on(
    9,
    "issues",
    [
      "named by an outsider: there or not, open or closed, nothing tells them apart",
      "named by a writer: its title is in no check, comment or post-mortem",
    ],
    "honest twin: of a repository that everybody sees, a missing issue is told, and one that is there passes",
  ),
  on(
    9,
    "github/collect/pull-request/issues.test.ts",
    [
      "of another repository nothing is told to people who would not see it",
      "nor of one that was transferred there",
      "unknown is not visible",
    ],
    "is followed",
  ),
  on(
    10,
    "approval",
    [
      "with … access approves nothing, by label or by review",
      "that loses its access after the green takes the green with it",
      "does not override either without access",
    ],
    "with write access approves",
  ),
  on(
    11,
    "cli/setup.test.ts",
    [
      "Probot's import",
      "another origin",
      "an opaque origin",
      "another state",
      "a code that leads elsewhere",
      "listens on this machine only",
    ],
    "sends app.yml to GitHub, keeps the credentials in .env, says what is next, and is over",
  ),
  on(
    12,
    "cli/setup.test.ts",
    ["is readable by its owner only, also where it was there for all to read"],
    "keeps what else is in it, and has each setting once",
  ),
  on(
    13,
    "heads",
    [
      "under 70 pushes of which no event came is cancelled, with all others",
      "of a hotfix that was closed meanwhile is cancelled",
    ],
    "of a hotfix that has landed stays, and so does that of another open one",
  ),
  on(
    14,
    "budget",
    [
      "closes and reopens an issue of their own … times: at most 3 requests an event, and no hotfix is looked at",
      "talks without end, on hotfixes and elsewhere: nothing",
      "edits an issue of their own: nothing",
      "commands in a burst: one pull request's evaluations, two at a time",
      "commands on what is merged, and on its post-mortem: both are looked at, and most of it costs nothing",
      "commands",
      "reviews",
    ],
    "honest twin: the issue that a hotfix names is deleted, and its gate says so",
  ),
  on(15, "content", ["one line of 300 kB", "200 lines of 2 kB"], ROW),
  on(
    16,
    "approval",
    ["more timeline than is read: final at once, with the way out"],
    "that a colleague has forced away whole: she approves what is there now",
  ),
  on(
    16,
    "scenario/gate-odd-pulls.test.ts",
    ["251 commits: more than GitHub lists, so it fails at once and says what to do"],
    "a fork's hotfix waits, is approved by label, and a push to the fork ends the approval",
  ),
  on(
    17,
    "content",
    [
      "P0 → P1",
      "P0 -> P1",
      "P0 until 10:40, then P1",
      "P0? P1?",
      "P0/P1",
      "P0 or P1",
      "P1, lowered from P0",
      "not P0",
      "P0 downgraded to 1",
      "P0 bis 10:40, dann 1",
      "P0 (SEV-1 since noon)",
      "P0 (no longer)",
      "P0 until 10:40",
      "P0 if it recurs",
      "P0 for customers in EU",
      "P0/medium",
      "P0 – payments down (tbc)",
    ],
    ROW,
  ),
  on(
    18,
    "content",
    [
      "spread evenly over three components",
      "spread, and declared as Scope: src/**",
      "spread, and declared as Scope: **",
      "spread, and declared as three scopes",
    ],
    ROW,
  ),
  on(
    19,
    "approval",
    [
      "under somebody else's name, and 120 moves of the branch by a colleague on top",
      "of two commits, the upper of which a colleague replaces by force",
      "in an earlier life of the branch, which a colleague deletes and makes anew",
      "to a branch whose name the activity route refuses: found among all that happened",
    ],
    "that a colleague has forced away whole: she approves what is there now",
  ),
  on(
    20,
    "landing",
    [
      "a … ends where the colleague's commit lands, and its revert with it",
      "events lost and the app restarted: it still knows what was approved",
      "a merge of a colleague's branch that drops what it holds",
      "merged (…) before the app has heard of the base",
    ],
    "the base moving elsewhere, in the same file too, ends none: …",
  ),
  on(
    20,
    "landing",
    ["a mode that only the colleague's commit, landing, shows as undone"],
    "honest twin: a colleague's commit lands that changes nothing",
  ),
  on(
    20,
    "landing",
    ["a revert of what the base has by another commit"],
    "corrections of one's own work are fine",
  ),
  on(
    21,
    "override",
    [
      "a quote",
      "a lazily continued quote",
      "a quote in a list",
      "a fence",
      "<pre>",
      "<code>",
      "a code span of several lines",
      "<blockquote>",
      "<details>",
      "an HTML comment",
      "an HTML attribute",
      "an image's title",
      "a link definition",
      "Outlook's reply",
      "a mail after underscores",
      "a mail's reply in German",
      "a mail's reply in Japanese",
      "a mail's reply in Russian, its address hidden by GitHub",
      "Outlook's reply, an empty line after each",
      "Outlook's reply in HTML",
      "Notes' reply",
    ],
    ROW,
  ),
  on(
    22,
    "heads",
    [
      "of a branch that was deleted and made anew again and again is cancelled",
      "of what was called a hotfix, and is not any more, is cancelled",
      "of what has landed on develop alone is cancelled",
    ],
    "of a hotfix that has landed stays, and so does that of another open one",
  ),
  on(
    23,
    "resources",
    ["globs and patterns that take long on names that fit them: refused, and the process goes on"],
    "signed pushes of 20 MB hold up nobody",
  ),
  on(
    23,
    "config/pattern-size.test.ts",
    ["nested repeats", "each just small enough", "globs of wildcards", "globs of many alternatives"],
    "a monorepo of 100 components is allowed",
  ),
  on(
    24,
    "configuration",
    [
      "does not fix the one in force",
      "another file renamed to it fixes nothing; an edit does",
      "a link to a valid file fixes nothing",
      "a change of its mode fixes nothing",
    ],
    "both names at once: told, and taking one away fixes it",
  ),
  on(
    null,
    "heads",
    [
      "is not held up by a stranger who opens … as a hotfix",
      "is red for an unapproved hotfix of a stranger that is queued with it",
      "of the commit ahead and a branch with that commit and its revert: … where the queue makes a …",
    ],
    "passes an honest hotfix behind another pull request (…)",
  ),
  on(
    null,
    "approval",
    ["an approval that ends meanwhile ends the group's pass at once"],
    "with write access approves",
  ),
  on(
    null,
    "scenario/attacks.test.ts",
    [
      "a back-merge does not speak for the same commits on their way to another production branch",
      "a stranger's copies of it have no say, and cost the hotfix nothing",
      "an approval that is taken back while the app still reads gives no green",
      "a pull request opened while its branch is looked at has the last word",
      "edited by somebody else do not keep a post-mortem from being opened",
    ],
    "a flood of commands does not keep the gate from following what happens",
  ),
];
