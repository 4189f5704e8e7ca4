/** The types of the arguments of `node.setTimer`. */

/**
 * What `setTimer` takes after the duration: the data of a timer that has some, and its key. A timer
 * without data takes only the key.
 */
export type TimerArguments<Data> = unknown extends Data
  ? [data?: Data, key?: string]
  : [Data] extends [void]
    ? [key?: string]
    : undefined extends Data
      ? [data?: Data, key?: string]
      : [data: Data, key?: string];
