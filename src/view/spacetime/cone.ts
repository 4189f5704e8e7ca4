/** What happened before an event and after it, from its vector clock: two numbers for each node. */
import type { RecordedBranch } from '../../session/read/reading.ts';
import type { ConeAnswer } from './spacetime-view.ts';

/**
 * The past of an event is a prefix of each node's events, and its future is a suffix: so a count
 * and a step of each node suffice, however long the run is. Undefined if the node did nothing then.
 */
export function coneOf(
  { clocks, length }: RecordedBranch,
  step: number,
  node: number,
): ConeAnswer | undefined {
  const event = clocks.latest(node, step);
  if (event?.step !== step) return undefined;
  const knowing = clocks.firstKnowing(event);
  const past = knowing.map((_, index) => event.vector[index] ?? 0);
  const future = knowing.map((first) => first?.step ?? -1);
  const counts = { past: -1, future: -1, concurrent: 0 };
  knowing.forEach((first, index) => {
    const all = clocks.latest(index, length)?.vector[index] ?? 0;
    const after = first === undefined ? 0 : all - first.vector[index] + 1;
    // The event itself is in both.
    counts.past += past[index];
    counts.future += after;
    counts.concurrent += all - past[index] - after;
  });
  // It knows itself, and its own node's events are all before it or after it.
  counts.concurrent += 1;
  return { type: 'cone', step, node, lamport: event.lamport, past, future, counts };
}
