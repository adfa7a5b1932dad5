/** What is more urgent on other pull requests comes before the third: the others wait for the next run. */
export const MOST_AT_ONCE = 2;

/** Anybody may comment, so answers come to an end; what commands do, they do all the same. */
export const MOST_ON_ONE = 100;
