/** The verdict of a transactional model in the form that all consistency models share. */
import type { History } from '../../protocol/history.ts';
import type { ModelVerdict } from '../models/verdict.ts';
import { checkTransactions } from './check.ts';
import type { TransactionModel } from './models.ts';
import { readTransactions } from './transaction.ts';
import { transactionsOf, witnessLines } from './words.ts';
import type { Work } from './work.ts';

export function checkTransactionModel(
  history: History,
  model: TransactionModel,
  work: Work,
): ModelVerdict {
  const read = readTransactions(history);
  if (read.type === 'fault') {
    return { type: 'unknown', why: { code: 'not-defined', needs: 'transactions' } };
  }
  const verdict = checkTransactions(read.transactions, model, work);
  switch (verdict.type) {
    case 'holds':
      return verdict;
    case 'unknown': {
      const needs = 'transactions that write each value at most once to a key';
      return { type: 'unknown', why: { code: 'not-defined', needs } };
    }
    case 'violated': {
      const [first] = verdict.witness.anomalies;
      const lines = witnessLines(verdict.witness, history);
      return { type: 'violated', witness: { code: 'other', operations: transactionsOf(first), lines } };
    }
  }
}
