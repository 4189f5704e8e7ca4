/** What operations do whose protocol does not say so: what their names say. */
import type { Transactions } from '../../protocol/history.ts';

export const namedTransactions: Transactions<undefined> = {
  doc: 'From begin to commit, or a single read or write of a key.',
  effect({ name, args, outcome, result = null }) {
    // An object of a single register has no keys.
    const key = (args.key ?? null) as string;
    switch (name) {
      case 'begin':
      case 'commit':
      case 'rollback':
        return name === 'commit' && result === 'ROLLBACK' ? 'rollback' : name;
      case 'read':
      case 'get':
        return outcome === 'ok' ? [['read', key, result]] : [];
      case 'write':
      case 'put':
        return [['write', key, args.value]];
      default:
        return undefined;
    }
  },
  transaction: ({ args }) => {
    return typeof args.transaction === 'string' ? args.transaction : undefined;
  },
};
