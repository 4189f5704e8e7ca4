/** What operations read and write, for models of transactions. */
import type { Transactions } from '../../protocol/history.ts';
import { keyEffect } from '../shared/key-effects.ts';

/** `add` and `transfer` do not answer what they read, so a history with them is not judged. */
export const transactions: Transactions<undefined> = {
  doc: 'From begin to commit under one name, or a single get or put.',
  effect: (operation) => (operation.name === 'split' ? [] : keyEffect(operation)),
  transaction: ({ args }) => args.transaction as string | undefined,
};
