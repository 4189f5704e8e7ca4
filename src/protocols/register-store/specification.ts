/** What the store does if operations run one after the other: on a register, a counter or a set. */
import type { HistoryOperation, Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

/**
 * The operations on a key show which of them it is. Siblings are not judged: they are not the value
 * of a register, and what a `put` replaces depends on what its client got before.
 */
export const registers: Specification<Json> = {
  doc: 'A register, counter or set for each key: a read returns what the updates before it made.',
  operations: ['read', 'write', 'increment', 'decrement', 'add', 'remove'],
  excludes: ['put'],
  key: ({ args }) => String(args.key),
  init: () => null,
  step(state, operation) {
    const { name, outcome, result } = operation;
    if (name === 'increment' || name === 'decrement' || typeof state === 'number') {
      return counterStep(state, operation);
    }
    if (name === 'add' || name === 'remove' || Array.isArray(state)) {
      return setStep(Array.isArray(state) ? state : [], operation);
    }
    // Before its first update, a key may be any of them.
    const isEmpty = result === 0 || (Array.isArray(result) && result.length === 0);
    if (name === 'read' && outcome === 'ok' && state === null && isEmpty) return state;
    return registerStep(state, operation);
  },
};

/** A register may hold a number as well; only a write sets one. */
function counterStep(state: Json, operation: HistoryOperation): Json | undefined {
  if (operation.name === 'write') return registerStep(state, operation);
  const { name, args, outcome, result } = operation;
  const total = typeof state === 'number' ? state : 0;
  if (name === 'read') return outcome !== 'ok' || result === total ? total : undefined;
  const amount = typeof args.value === 'number' ? args.value : 1;
  return name === 'decrement' ? total - amount : total + amount;
}

function registerStep(state: Json, { name, args, outcome, result }: HistoryOperation) {
  if (name === 'write') return args.value;
  return outcome !== 'ok' || isSame(result, state) ? state : undefined;
}

function setStep(state: readonly Json[], { name, args, outcome, result }: HistoryOperation) {
  const others = state.filter((one) => !isSame(one, args.value));
  if (name === 'add') return sorted([...others, args.value]);
  if (name === 'remove') return others;
  if (outcome !== 'ok') return state;
  return Array.isArray(result) && isSame(sorted(result), state) ? state : undefined;
}

function isSame(one: Json | undefined, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sorted(values: readonly Json[]): Json[] {
  return [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
