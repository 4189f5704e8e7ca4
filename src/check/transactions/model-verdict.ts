/** The verdict of a transactional model in the form that all consistency models share. */
import type { History, Specification, Transactions } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';
import type { Meter } from '../models/limits.ts';
import { verdictLines } from '../models/model-words.ts';
import type { ModelVerdict } from '../models/verdict.ts';
import { checkTransactions } from './check.ts';
import type { TransactionModel } from './models.ts';
import { transactionsOfRun } from './run-history.ts';
import { searchedVerdict } from './repeated-values.ts';
import { type InitialValues, readTransactions } from './transaction.ts';
import { transactionsOf, witnessLines } from './words.ts';

/** Checks transactions of a file, or the operations of a run that make up transactions. */
export function checkTransactionModel(
  history: History,
  model: TransactionModel,
  specification: Specification,
  meter: Meter,
  transactions?: Transactions,
): ModelVerdict {
  const initial = initialOf(specification);
  if (transactions === undefined && history.some(({ name }) => name === 'txn')) {
    return checkHistory(history, model, initial, meter);
  }
  const run = transactionsOfRun(history, transactions);
  if (run.type === 'not registers') {
    const needs = 'transactions of reads and writes of one row or key each';
    return { type: 'unknown', why: { code: 'not-defined', needs } };
  }
  const verdict = checkHistory(run.history, model, initial, meter);
  if (verdict.type !== 'violated' || verdict.witness.code === 'pattern') return verdict;
  // The last operation of a transaction is its commit.
  const operations = verdict.witness.operations.map((index) => run.origins[index].at(-1)!);
  const lines = verdictLines(run.history, verdict);
  return { type: 'violated', witness: { code: 'other', operations, lines } };
}

/** The state of a specification is that of one register, or has those of all by name. */
function initialOf(specification: Specification): InitialValues {
  const start = specification.init() as Json;
  if (typeof start !== 'object') return () => start;
  if (start === null || Array.isArray(start)) return () => undefined;
  const registers = start as Readonly<Record<string, Json>>;
  return (key) => registers[typeof key === 'string' ? key : JSON.stringify(key)];
}

function checkHistory(
  history: History,
  model: TransactionModel,
  initial: InitialValues,
  meter: Meter,
): ModelVerdict {
  const read = readTransactions(history, initial);
  if (read.type === 'fault') {
    const { code: fault, operation, part } = read.fault;
    return { type: 'unknown', why: { code: 'not-transactions', fault, operation, part } };
  }
  const verdict = checkTransactions(read.transactions, model, meter);
  switch (verdict.type) {
    case 'holds':
      return verdict;
    case 'unknown': {
      const searched = searchedVerdict(history, read.transactions, model, initial, meter);
      const { key, value } = verdict.why;
      return searched ?? { type: 'unknown', why: { code: 'repeated-value', key, value } };
    }
    case 'violated': {
      const operations = transactionsOf(verdict.witness.anomalies[0]);
      const lines = witnessLines(verdict.witness, history);
      return { type: 'violated', witness: { code: 'other', operations, lines } };
    }
  }
}
