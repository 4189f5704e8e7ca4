/** What a handler can do about the disk of its node. */
export interface DiskCalls<State, Timers> {
  /**
   * Writes the durable fields to disk, in a role whose `sync` is not 'always', and returns whether
   * they are there. On a slow disk, what the handler sends after it waits for the write. With the
   * name of a timer nothing waits: if the write is not on disk yet, the timer fires when it is.
   */
  sync(timer?: keyof Timers & string, key?: string): boolean;
  /**
   * The value of a durable field as a crash would leave it now. In a role that syncs after each
   * handler it is that of the state, unless the disk is slow and has not written that yet.
   */
  onDisk<Field extends keyof State & string>(field: Field): Readonly<State[Field]>;
}

/**
 * When the durable fields reach the disk: after each handler (`always`, the default); only in
 * `node.sync()` (`manual`); or at once, but on a slow disk only in `node.sync()` (`lazy`). The last
 * is for a role that undoes what it had not finished, so that more on its disk does no harm.
 */
export type Sync = 'always' | 'manual' | 'lazy';
