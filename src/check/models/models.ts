/** All consistency models that a history can be checked against, by name. */
import type { History, Specification } from '../../protocol/history.ts';
import { checkLinearizable } from './linearizable/linearizable.ts';
import { checkTransactionModel } from '../transactions/model-verdict.ts';
import { transactionModels } from '../transactions/models.ts';
import { defaultLimits, LimitReached, type Limits, Meter } from './limits.ts';
import type { ModelVerdict } from './verdict.ts';

export interface Model {
  readonly name: string;
  /** One sentence: what it guarantees. */
  readonly doc: string;
  /** Where it is defined. */
  readonly source: string;
  /** Of what the histories consist: `lockstep history --model all` skips the other kind. */
  readonly of: 'operations' | 'transactions';
  /** May throw `LimitReached` of its meter. */
  check(history: History, specification: Specification, meter: Meter): ModelVerdict;
}

/** Strongest first. */
export const models: readonly Model[] = [
  {
    name: 'linearizable',
    doc: 'Each operation takes effect at one moment between its invocation and its response.',
    source: 'Herlihy and Wing 1990',
    of: 'operations',
    check: checkLinearizable,
  },
  ...transactionModels.map((model): Model => ({
    name: model.name,
    doc: model.doc,
    source: model.source,
    of: 'transactions',
    check: (history, _, meter) => checkTransactionModel(history, model, meter),
  })),
];

export function modelOf(name: string): Model | undefined {
  return models.find((model) => model.name === name);
}

/** Never hangs: a check that has used up its limits is unknown. */
export function checkModel(
  history: History,
  model: Model,
  specification: Specification,
  limits: Limits = defaultLimits,
): ModelVerdict {
  try {
    return model.check(history, specification, new Meter(limits));
  } catch (error) {
    if (error instanceof LimitReached) return { type: 'unknown', why: error.why };
    throw error;
  }
}
