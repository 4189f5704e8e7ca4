/** What operations of clients read and write, for models of transactions. */
import type { MicroOperation, Transactions } from '../../../protocol/history.ts';
import type { Json } from '../../../protocol/types.ts';
import { keyEffect } from '../../shared/key-effects.ts';

/**
 * `add` and `transfer` do not answer what they read, so a history with them is not judged. A
 * snapshot reads the past, so strict serializability may be violated by it (§4.1.4).
 */
export const transactions: Transactions<undefined> = {
  doc: 'From begin to commit, or a single read, write or snapshot.',
  effect(operation) {
    const { name, args, outcome, result = null } = operation;
    switch (name) {
      case 'readAll':
      case 'snapshot':
        return outcome === 'ok' ? readsOf(args.keys, result) : [];
      case 'abdicate':
        return [];
      default:
        return keyEffect(operation);
    }
  },
};

/** Several keys are answered with the list of their values. */
function readsOf(keys: Json, values: Json): MicroOperation[] {
  const found = values as readonly Json[];
  return (keys as readonly string[]).map((key, i) => ['read', key, found[i]]);
}
