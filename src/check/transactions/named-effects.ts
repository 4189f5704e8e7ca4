/** What operations do whose protocol does not say so: what their names say. */
import type { Transactions } from '../../protocol/history.ts';
import { keyEffect } from '../../protocols/shared/key-effects.ts';

export const namedTransactions: Transactions<undefined> = {
  doc: 'From begin to commit, or a single read or write of a key.',
  effect: keyEffect,
  transaction: ({ args }) => {
    return typeof args.transaction === 'string' ? args.transaction : undefined;
  },
};
