/** The verdict of a transactional model in the form that all consistency models share. */
import type { History, Transactions } from '../../protocol/history.ts';
import type { ModelVerdict } from '../models/verdict.ts';
import { checkTransactions } from './check.ts';
import type { TransactionModel } from './models.ts';
import { transactionsOfRun } from './run-history.ts';
import { readTransactions } from './transaction.ts';
import { transactionsOf, witnessLines } from './words.ts';
import type { Work } from './work.ts';

/** Checks transactions of a file, or the operations of a run that make up transactions. */
export function checkTransactionModel(
  history: History,
  model: TransactionModel,
  work: Work,
  transactions?: Transactions,
): ModelVerdict {
  if (transactions === undefined && history.some(({ name }) => name === 'txn')) return checkHistory(history, model, work);
  const run = transactionsOfRun(history, transactions);
  if (run.type === 'not registers') {
    const needs = 'transactions of reads and writes of one row or key each';
    return { type: 'unknown', why: { code: 'not-defined', needs } };
  }
  const verdict = checkHistory(run.history, model, work);
  if (verdict.type !== 'violated' || verdict.witness.code !== 'other') return verdict;
  // The last operation of a transaction is its commit.
  const operations = verdict.witness.operations.map((index) => run.origins[index].at(-1)!);
  return { type: 'violated', witness: { ...verdict.witness, operations } };
}

function checkHistory(history: History, model: TransactionModel, work: Work): ModelVerdict {
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
      const operations = transactionsOf(verdict.witness.anomalies[0]);
      const lines = witnessLines(verdict.witness, history);
      return { type: 'violated', witness: { code: 'other', operations, lines } };
    }
  }
}
