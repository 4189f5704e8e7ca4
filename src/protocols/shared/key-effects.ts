/** What operations on keys do, as their names say: for models of transactions. */
import type { HistoryOperation, TransactionEffect } from '../../protocol/history.ts';

/** Undefined for an operation with another name. */
export function keyEffect(
  { name, args, outcome, result = null }: HistoryOperation,
): TransactionEffect | undefined {
  // An object of a single register has no keys.
  const key = (args.key ?? null) as string;
  switch (name) {
    case 'begin':
    case 'rollback':
      return name;
    case 'commit':
      // A database answers so to the commit of a transaction that failed.
      return result === 'ROLLBACK' ? 'rollback' : name;
    case 'read':
    case 'get':
      return outcome === 'ok' ? [['read', key, result]] : [];
    case 'write':
    case 'put':
      return [['write', key, args.value]];
    default:
      return undefined;
  }
}
