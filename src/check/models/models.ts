/** All consistency models that a history can be checked against, by name. */
import type { History, Specification, Transactions } from '../../protocol/history.ts';
import type { ModelName } from '../../scenario/history/models.ts';
import { checkTransactionModel } from '../transactions/model-verdict.ts';
import { type TransactionModel, transactionModels } from '../transactions/models.ts';
import { orLinearizable } from './linearizable/implied.ts';
import { checkLinearizable } from './linearizable/linearizable.ts';
import { defaultLimits, LimitReached, type Limits, Meter } from './limits.ts';
import { checkCoherent, checkPramOrders, checkSequential } from './order/views.ts';
import { causalConvergence, causalMemory, pram } from './registers/causal.ts';
import { eventual } from './registers/eventual.ts';
import { type ReadsWrites, readsWritesOf } from './registers/reads-writes.ts';
import { type Guarantee, sessionGuarantee } from './registers/sessions.ts';
import { checkChoices, type PatternCheck } from './registers/sources.ts';
import type { ModelVerdict, Recordable } from './verdict.ts';

export interface Model {
  readonly name: ModelName;
  /** One sentence: what it guarantees. */
  readonly doc: string;
  /** Where it is defined. */
  readonly source: string;
  /** Of what the histories consist: `lockstep history --model all` skips the other kind. */
  readonly of: 'operations' | 'transactions';
  /** Whether it depends on when operations were invoked, and on which process invoked them. */
  readonly dependsOn: readonly Recordable[];
  /** May throw `LimitReached` of its meter. */
  check(
    history: History,
    specification: Specification,
    meter: Meter,
    transactions?: Transactions,
  ): ModelVerdict;
}

/** Strongest first. */
export const models: readonly Model[] = [
  {
    name: 'linearizable',
    doc: 'Each operation takes effect at one moment between its invocation and its response.',
    source: 'Herlihy and Wing 1990',
    of: 'operations',
    dependsOn: ['invocations'],
    check: checkLinearizable,
  },
  {
    name: 'sequential',
    doc: 'All processes see all operations in one order, which keeps the order of each process.',
    source: 'Lamport 1979',
    of: 'operations',
    dependsOn: ['processes'],
    check: orLinearizable(checkSequential),
  },
  {
    name: 'causal-memory',
    doc: 'Each process sees all writes in an order that keeps cause before effect.',
    source: 'Ahamad et al. 1995; Bouajjani et al. 2017',
    of: 'operations',
    dependsOn: ['processes'],
    check: ofRegisters(causalMemory),
  },
  {
    name: 'causal-convergent',
    doc: 'All processes order writes alike, causes first, and a read returns the last one it saw.',
    source: 'Burckhardt 2014; Bouajjani et al. 2017',
    of: 'operations',
    dependsOn: ['processes'],
    check: ofRegisters(causalConvergence),
  },
  {
    name: 'PRAM',
    doc: 'Each process sees the writes of each other process in their order.',
    source: 'Lipton and Sandberg 1988',
    of: 'operations',
    dependsOn: ['processes'],
    check: ofRegisters(pram, orLinearizable(checkPramOrders)),
  },
  {
    name: 'coherent',
    doc: 'All processes see the operations on one key in one order.',
    source: 'Goodman 1989',
    of: 'operations',
    dependsOn: ['processes'],
    check: orLinearizable(checkCoherent),
  },
  session('read-your-writes', 'A read returns what its process wrote before, or a newer value.'),
  session('monotonic-reads', 'A read returns what its process read before, or a newer value.'),
  session(
    'monotonic-writes',
    'A process that saw a write has seen the earlier writes of the process that wrote it.',
  ),
  session(
    'writes-follow-reads',
    'A process that saw a write has seen what the writing process had read before.',
  ),
  {
    name: 'eventual',
    doc: 'Values come from writes, and reads agree once all messages are delivered.',
    source: 'Vogels 2009; Bouajjani et al. 2017',
    of: 'operations',
    dependsOn: [],
    check: ofRegisters(eventual),
  },
  ...transactionModels.map((model): Model => ({
    name: model.name,
    doc: model.doc,
    source: model.source,
    of: 'transactions',
    dependsOn: ofOrder(model.order),
    check: (history, specification, meter, transactions) =>
      checkTransactionModel(history, model, specification, meter, transactions),
  })),
];

function ofOrder(order: TransactionModel['order']): Model['dependsOn'] {
  if (order === undefined) return [];
  return order === 'realtime' ? ['invocations'] : ['processes'];
}

function session(name: Guarantee, doc: string): Model {
  return {
    name,
    doc,
    source: 'Terry et al. 1994; Viotti and Vukolić 2016',
    of: 'operations',
    dependsOn: ['processes'],
    check: ofRegisters((history, meter) => sessionGuarantee(name, history, meter)),
  };
}

/** Models that are defined by reads and writes; `others` checks histories of other operations. */
function ofRegisters(
  patterns: (history: ReadsWrites, meter: Meter) => PatternCheck,
  others?: Model['check'],
): Model['check'] {
  return (history, specification, meter) => {
    const registers = readsWritesOf(history, specification);
    if (registers !== undefined) {
      const check = () => checkChoices(registers, patterns(registers, meter), meter);
      // Only the last reads of eventual consistency demand more of them than linearizability.
      const isImplied = patterns !== eventual || registers.all.every(({ isFinal }) => !isFinal);
      return isImplied ? orLinearizable(check)(history, specification, meter) : check();
    }
    if (others !== undefined) return others(history, specification, meter);
    return { type: 'unknown', why: { code: 'not-defined', needs: 'reads and writes' } };
  };
}

/** Other names that are in use. */
const otherNames: Readonly<Record<string, string>> = {
  linearizability: 'linearizable',
  'sequential-consistency': 'sequential',
  'sequentially-consistent': 'sequential',
  causal: 'causal-memory',
  'causal-convergence': 'causal-convergent',
  coherence: 'coherent',
  cache: 'coherent',
  'eventual-consistency': 'eventual',
  ryw: 'read-your-writes',
  mr: 'monotonic-reads',
  mw: 'monotonic-writes',
  wfr: 'writes-follow-reads',
};

/** Capitals, spaces and underscores make no difference. */
export function modelOf(name: string): Model | undefined {
  const plain = name.toLowerCase().replaceAll(/[ _]/g, '-');
  const own = otherNames[plain] ?? plain;
  return models.find((model) => model.name.toLowerCase() === own);
}

/** Never hangs: a check that has used up its limits is unknown. */
export function checkModel(
  history: History,
  model: Model,
  specification: Specification,
  limits: Limits = defaultLimits,
  transactions?: Transactions,
): ModelVerdict {
  try {
    return model.check(history, specification, new Meter(limits), transactions);
  } catch (error) {
    if (error instanceof LimitReached) return { type: 'unknown', why: error.why };
    throw error;
  }
}
