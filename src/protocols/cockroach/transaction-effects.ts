/** What operations read and write, for models of transactions. */
import type { Transactions } from '../../protocol/history.ts';

/** `add` and `transfer` do not answer what they read, so a history with them is not judged. */
export const transactions: Transactions<undefined> = {
  doc: 'From begin to commit under one name, or a single get or put.',
  effect({ name, args, outcome, result = null }) {
    const key = args.key as string;
    switch (name) {
      case 'begin':
      case 'commit':
      case 'rollback':
        return name;
      case 'read':
      case 'get':
        return outcome === 'ok' ? [['read', key, result]] : [];
      case 'write':
      case 'put':
        return [['write', key, args.value]];
      case 'split':
        return [];
      default:
        return undefined;
    }
  },
  transaction: ({ args }) => args.transaction as string | undefined,
};
