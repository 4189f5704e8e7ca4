/** What the store does if operations run one after the other, on a register, a counter or a set. */
import type { HistoryOperation, Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

/**
 * The operations of a key show what it is. Siblings are not judged: several values are not one of a
 * register, and what a `put` replaces depends on what its client got before.
 */
export const registers: Specification<Json> = {
  doc: 'A register, counter or set for each key: a read returns what the updates before it made.',
  operations: ['read', 'write', 'increment', 'decrement', 'add', 'remove'],
  excludes: ['put'],
  key: ({ args }) => String(args.key),
  init: () => null,
  step(state, operation) {
    const { name, args: { value = 1 }, outcome } = operation;
    const others = (Array.isArray(state) ? state : []).filter((one) => one !== value);
    switch (name) {
      case 'write':
        return value;
      case 'increment':
        return Number(state) + Number(value);
      case 'decrement':
        return Number(state) - Number(value);
      case 'add':
        return sorted([...others, value]);
      case 'remove':
        return others;
      default:
        return outcome !== 'ok' || returns(state, operation) ? state : undefined;
    }
  },
};

/** Before its first update, a key may be any of them. */
function returns(state: Json, { result = null }: HistoryOperation): boolean {
  if (Array.isArray(result)) return sorted(result).join('\n') === listed(state);
  return result === state || (state === null && result === 0);
}

function sorted(values: readonly Json[]): Json[] {
  return [...values].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

function listed(state: Json): string {
  return Array.isArray(state) ? state.join('\n') : String(state ?? '');
}
