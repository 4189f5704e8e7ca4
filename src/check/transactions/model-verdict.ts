/** The verdict of a transactional model in the form that all consistency models share. */
import type { History } from '../../protocol/history.ts';
import type { ModelVerdict } from '../models/verdict.ts';
import type { OrderEdge, OrderReason } from '../../scenario/history/order-edges.ts';
import type { Anomaly, DependencyType } from './anomaly.ts';
import { checkTransactions } from './check.ts';
import type { TransactionModel } from './models.ts';
import { transactionsOfRun } from './run-history.ts';
import { readTransactions } from './transaction.ts';
import { keyText, transactionLine, transactionsOf, witnessLines } from './words.ts';
import type { Work } from './work.ts';

/** Checks transactions of a file, or the operations of a run that make up transactions. */
export function checkTransactionModel(
  history: History,
  model: TransactionModel,
  work: Work,
): ModelVerdict {
  if (history.some(({ name }) => name === 'txn')) return checkHistory(history, model, work);
  const run = transactionsOfRun(history);
  if (run.type === 'not registers') {
    const needs = 'transactions of reads and writes of one row or key each';
    return { type: 'unknown', why: { code: 'not-defined', needs } };
  }
  const verdict = checkHistory(run.history, model, work);
  if (verdict.type !== 'violated' || verdict.witness.code !== 'other') return verdict;
  // The last operation of a transaction is its commit.
  const origin = (index: number) => run.origins[index].at(-1)!;
  const { witness } = verdict;
  const edges = witness.edges?.map((edge) => {
    return { ...edge, from: origin(edge.from), to: origin(edge.to) };
  });
  const operations = witness.operations.map(origin);
  return { type: 'violated', witness: { ...witness, operations, ...(edges && { edges }) } };
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
      const [first] = verdict.witness.anomalies;
      const operations = transactionsOf(first);
      const labels = operations.map((index) => transactionLine(index, history));
      const lines = witnessLines(verdict.witness, history);
      const edges = edgesOf(first);
      return { type: 'violated', witness: { code: 'other', operations, labels, edges, lines } };
    }
  }
}

/** The cycle of an anomaly; of a read, the transaction that it read from. */
function edgesOf(anomaly: Anomaly): OrderEdge[] {
  if (anomaly.type === 'cycle') {
    return anomaly.cycle.map(({ from, to, type, key }) => {
      return { from, to, because: reasonOf(type), ...(key !== undefined && { key: keyText(key) }) };
    });
  }
  const { name, reader, writer, key } = anomaly;
  if (writer === undefined || name === 'incompatible order') return [];
  return [{ from: writer, to: reader, because: 'wr', key: keyText(key) }];
}

function reasonOf(type: DependencyType): OrderReason {
  if (type === 'process') return 'program order';
  return type === 'realtime' ? 'real time' : type;
}
