/** What operations of clients read and write, for models of transactions. */
import type { MicroOperation, Transactions } from '../../../protocol/history.ts';
import type { Json } from '../../../protocol/types.ts';

/**
 * `add` and `transfer` do not answer what they read, so a history with them is not judged. A
 * snapshot reads the past, so strict serializability may be violated by it (§4.1.4).
 */
export const transactions: Transactions<undefined> = {
  doc: 'From begin to commit, or a single read, write or snapshot.',
  effect({ name, args, outcome, result = null }) {
    switch (name) {
      case 'begin':
      case 'commit':
      case 'rollback':
        return name;
      case 'read':
        return outcome === 'ok' ? [['read', args.key as string, result]] : [];
      case 'readAll':
      case 'snapshot':
        return outcome === 'ok' ? readsOf(args.keys, result) : [];
      case 'write':
        return [['write', args.key as string, args.value]];
      case 'abdicate':
        return [];
      default:
        return undefined;
    }
  },
};

/** Several keys are answered with the list of their values. */
function readsOf(keys: Json, values: Json): MicroOperation[] {
  const found = values as readonly Json[];
  return (keys as readonly string[]).map((key, i) => ['read', key, found[i]]);
}
