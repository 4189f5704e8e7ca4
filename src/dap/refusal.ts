/** A request that cannot be granted, with words for the person who made it. */

export class Refusal extends Error {
  constructor(
    message: string,
    /** Whether the editor should show it by itself. */
    readonly isShown = false,
  ) {
    super(message);
  }
}
