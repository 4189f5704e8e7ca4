/** Code that ran for so long that it was ended: a pattern that tries without end, for example. */

/** Runs `act`; throws a `TookTooLong` where it had to be ended, in the middle of what it did. */
export type Limit = <Result>(act: () => Result) => Result;

/** How long an action may take by the clock. */
export const secondsMost = 5;

export class TookTooLong extends Error {}
