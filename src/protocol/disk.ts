/** What a handler can do about the disk of its node. */
export interface DiskCalls<State> {
  /** Writes the durable fields to disk, in a role with `sync: 'manual'`. */
  sync(): void;
  /**
   * The value of a durable field as a crash would leave it now. In a role that syncs after each
   * handler it is that of the state, unless the disk is slow and has not written that yet.
   */
  onDisk<Field extends keyof State & string>(field: Field): Readonly<State[Field]>;
}
