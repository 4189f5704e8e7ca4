/** A time limit on code of the workspace, which may not end: a catastrophic regular expression, say. */

/** Runs `act`. Throws `TookTooLong` if it had to be ended, which leaves what it did half done. */
export type Limit = <Result>(act: () => Result) => Result;

/** How long an action may take by the clock. */
export const secondsMost = 5;

export class TookTooLong extends Error {}
