/** Checks a history of transactions against one of the transactional models. */
import type { Anomaly, TransactionVerdict } from './anomaly.ts';
import { anomaliesOf } from './anomalies.ts';
import { componentsOf } from './graph/components.ts';
import { dependenciesOf, type TransactionHistory } from './dependencies.ts';
import { anomalyOf } from './describe.ts';
import { edgeBits, sizeOf } from './graph/graph.ts';
import type { TransactionModel } from './models.ts';
import { findsOrder } from './order.ts';
import type { Transactions } from './transaction.ts';
import { cycleOfAllOrders } from './version-orders.ts';
import { versionsOf } from './versions.ts';
import type { Work } from './work.ts';

/** May throw what `work` throws when a limit is reached. */
export function checkTransactions(
  transactions: Transactions,
  model: TransactionModel,
  work: Work,
): TransactionVerdict {
  work.step(transactions.all.length);
  const history: TransactionHistory = { transactions, versions: versionsOf(transactions) };
  const [first, ...others] = anomaliesOf(history, model, work);
  if (first !== undefined) return violated(first, others);
  const { ambiguous } = history.versions;
  if (ambiguous !== undefined) return { type: 'unknown', why: ambiguous };
  // Without rw, any order of the versions that follows the other edges will do.
  if ((model.types & edgeBits.rw) === 0 || isOrdered(history, model)) return { type: 'holds' };
  const graph = dependenciesOf(history, model.shape, model.order);
  work.keep(sizeOf(graph.graph));
  if (findsOrder(history, graph, work)) return { type: 'holds' };
  const components = componentsOf(graph.graph, ~0, work);
  const cycle = cycleOfAllOrders(history, graph, components, work);
  return cycle === undefined ? { type: 'holds' } : violated(anomalyOf(cycle), []);
}

/**
 * Whether the reads show all that matters of the order of versions. Elements of a list that were
 * never read follow the others; their own order matters only to a model of concurrent transactions.
 */
function isOrdered(
  { transactions, versions }: TransactionHistory,
  model: TransactionModel,
): boolean {
  return versions.keys.every(({ key, free }) =>
    free.length < 2 || (model.shape === 'atomic' && transactions.isList[key]),
  );
}

function violated(first: Anomaly, others: readonly Anomaly[]): TransactionVerdict {
  return { type: 'violated', witness: { code: 'anomalies', anomalies: [first, ...others] } };
}
