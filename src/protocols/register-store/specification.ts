/** What the store does if operations run one after the other, on a register, a counter or a set. */
import type { HistoryOperation, Specification } from '../../protocol/history.ts';
import { counter, register, set } from '../../protocol/specifications/objects.ts';
import type { Json } from '../../protocol/types.ts';

const ofRegister = register();
const ofCounter = counter();
const ofSet = set();

/**
 * The operations of a key show what it is. Siblings are not judged: several values are not one of a
 * register, and what a `put` replaces depends on what its client got before.
 */
export const registers: Specification<Json> = {
  ...ofRegister,
  doc: 'A register, counter or set for each key: a read returns what the updates before it made.',
  operations: ['read', 'write', 'increment', 'decrement', 'add', 'remove'],
  excludes: ['put'],
  init: () => null,
  step(state, operation) {
    const { name, outcome, result } = operation;
    if (name === 'increment' || name === 'decrement' || typeof state === 'number') {
      return counterStep(state, operation);
    }
    if (name === 'add' || name === 'remove' || Array.isArray(state)) {
      return ofSet.step(Array.isArray(state) ? state : [], operation);
    }
    // Before its first update, a key may be any of them.
    const isEmpty = result === 0 || (Array.isArray(result) && result.length === 0);
    if (name === 'read' && outcome === 'ok' && state === null && isEmpty) return state;
    return ofRegister.step(state, operation);
  },
};

/** A register may hold a number as well; only a write sets one. */
function counterStep(state: Json, operation: HistoryOperation): Json | undefined {
  if (operation.name === 'write') return ofRegister.step(state, operation);
  return ofCounter.step(typeof state === 'number' ? state : 0, operation);
}
