/** The verdict of a transactional model in the form that all consistency models share. */
import type { History, Specification, Transactions } from '../../protocol/history.ts';
import { registerName } from '../../protocol/specifications/objects.ts';
import type { Json } from '../../protocol/types.ts';
import type { Meter } from '../models/limits.ts';
import { verdictLines } from '../models/model-words.ts';
import type { ModelVerdict, Witness } from '../models/verdict.ts';
import type { OrderEdge, OrderReason } from '../../scenario/history/order-edges.ts';
import type { Anomaly, DependencyType } from './anomaly.ts';
import { checkTransactions } from './check.ts';
import type { TransactionModel } from './models.ts';
import { transactionsOfRun } from './run-history.ts';
import { searchedVerdict } from './repeated-values.ts';
import { type InitialValues, readTransactions } from './transaction.ts';
import { keyText, transactionLine, transactionsOf, witnessLines } from './words.ts';

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
  const origin = (index: number) => run.origins[index].at(-1)!;
  const { witness } = verdict;
  const operations = witness.operations.map(origin);
  const lines = verdictLines(run.history, verdict);
  const edges = edgesIn(witness).map((edge) => {
    return { ...edge, from: origin(edge.from), to: origin(edge.to) };
  });
  const labels = witness.code === 'other' ? witness.labels : undefined;
  const more = { ...(labels && { labels }), edges };
  return { type: 'violated', witness: { code: 'other', operations, ...more, lines } };
}

/** The state of a specification is that of one register, or has those of all by name. */
function initialOf(specification: Specification): InitialValues {
  const start = specification.init() as Json;
  if (typeof start !== 'object') return () => start;
  if (start === null || Array.isArray(start)) return () => undefined;
  const registers = start as Readonly<Record<string, Json>>;
  return (key) => registers[registerName(key)];
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

/** Of a witness without a cycle, such as an order that does not exist, there are none. */
function edgesIn(witness: Witness): readonly OrderEdge[] {
  return witness.code === 'other' ? (witness.edges ?? []) : [];
}
