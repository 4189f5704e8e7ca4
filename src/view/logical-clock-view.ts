/** The logical clock of an event, as the views of all panels have it. */

/** Lamport time and vector clock: how many events of each node are known; those left out have 0. */
export interface LogicalClockView {
  lamport: number;
  vector: Record<string, number>;
}
