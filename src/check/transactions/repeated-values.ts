/** Histories in which several transactions wrote the same value: their orders are searched. */
import type { History, Specification } from '../../protocol/history.ts';
import { multiRegister, registerName } from '../../protocol/specifications/objects.ts';
import type { Json } from '../../protocol/types.ts';
import { attempted, type Meter } from '../models/limits.ts';
import { checkLinearizable } from '../models/linearizable/linearizable.ts';
import { checkSequential } from '../models/order/views.ts';
import type { ModelVerdict } from '../models/verdict.ts';
import { edgeBits } from './graph/graph.ts';
import type { TransactionModel } from './models.ts';
import type { InitialValues, Transactions } from './transaction.ts';

/**
 * Transactions that are operations on one object of all keys are serializable if these have an
 * order, which needs no versions (Papadimitriou 1979, view serializability). Any model here holds
 * if such an order keeps what the model demands of clients. If there is none, that decides only the
 * models that demand one. Returns undefined if the search does not decide the model.
 */
export function searchedVerdict(
  history: History,
  { keys }: Transactions,
  model: TransactionModel,
  initial: InitialValues,
  meter: Meter,
): ModelVerdict | undefined {
  const specification = multiRegister(startOf(keys, initial));
  const verdict = attempted(() => checked(history, specification, model, meter.part(0.5)));
  if (verdict === undefined) return undefined;
  const demandsOrder = model.shape === 'atomic' && (model.types & edgeBits.rw) !== 0;
  return verdict.type === 'holds' || demandsOrder ? verdict : undefined;
}

function checked(
  history: History,
  specification: Specification,
  { order }: TransactionModel,
  meter: Meter,
): ModelVerdict {
  if (order === 'realtime') return checkLinearizable(history, specification, meter);
  if (order === 'process') return checkSequential(history, specification, meter);
  // Without an order of clients, each transaction is one of its own.
  const apart = history.map((one, index) => ({ ...one, process: `${one.process}/${index}` }));
  return checkSequential(apart, specification, meter);
}

function startOf(keys: readonly Json[], initial: InitialValues): Record<string, Json> {
  const known = keys.flatMap((key): [string, Json][] => {
    const value = initial(key) ?? null;
    return value === null ? [] : [[registerName(key), value]];
  });
  return Object.fromEntries(known);
}
