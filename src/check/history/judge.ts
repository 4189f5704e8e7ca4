/** The verdict on a line `history is MODEL`: the client operations of a run against a model. */
import { thrownAt } from '../../code/call-stack.ts';
import { workspaceCode } from '../../code/code.ts';
import { thrownStack, thrownText } from '../../kernel/data/thrown.ts';
import type { World } from '../../kernel/world.ts';
import type { RecordedOperation, Specification } from '../../protocol/history.ts';
import type { Micros, Protocol } from '../../protocol/types.ts';
import type { ModelName } from '../../scenario/history/models.ts';
import type { OrderEdge } from '../../scenario/history/order-edges.ts';
import { specificationsOf } from '../../scenario/history/specifications.ts';
import type { Expectation, HistoryExpectation } from '../../scenario/scenario.ts';
import type {
  HistoryWitness, Reason, Subject, Verdict, WitnessedOperation,
} from '../../scenario/verdict.ts';
import { defaultLimits, type Limits } from '../models/limits.ts';
import { checkModel, modelOf } from '../models/models.ts';
import { edgesOf, operationsOf } from '../models/order-edges.ts';
import type { ModelVerdict, Witness } from '../models/verdict.ts';
import { historyAt } from './recording.ts';

/** A run is judged within seconds: a test has many. */
const limits: Limits = { ...defaultLimits, steps: 20_000_000 };

type Judged = Extract<Expectation, { type: 'history' }>;

/** `time` is when the run ended. */
export function historyVerdict(expectation: Judged, world: World, time: Micros): Verdict {
  const { text, range, history: expected } = expectation;
  const subject: Subject = { kind: 'expectation', text, range };
  const { model, isNot } = expected;
  const { history, verdict: checked } = judgedRun(expected, world);
  if ('code' in checked) return { type: 'unknown', subject, reason: checked };
  if (checked.type === 'unknown') {
    const reason: Reason = { code: 'history-undecided', model, why: checked.why };
    return { type: 'unknown', subject, reason };
  }
  const times = history.filter(({ outcome }) => outcome === 'ok').length;
  const tested = { on: 'history', times, steps: world.step } as const;
  if (checked.type === 'holds') {
    if (!isNot) return { type: 'holds', subject, tested };
    const reason: Reason = { code: 'history-satisfies', model, operations: history.length };
    return { type: 'violated', subject, reason, step: world.step, time };
  }
  if (isNot) return { type: 'holds', subject, tested };
  const witness = witnessOf(checked.witness, history, model);
  const last = lastStep(witness.operations, history);
  const reason: Reason = { code: 'history-violates', model, witness };
  return { type: 'violated', subject, reason, ...(last ?? { step: world.step, time }) };
}

export interface JudgedRun {
  /** The operations that the specification is about. */
  readonly history: readonly RecordedOperation[];
  readonly verdict: ModelVerdict | NotJudged;
}

type NotJudged = Extract<Reason, { code: 'author-code-failed' | 'history-undecided' }>;

/** The client operations of a run up to this moment, checked against a model. */
export function judgedRun(judged: Pick<HistoryExpectation, 'model' | 'specification'>, world: World)
: JudgedRun {
  const { model, specification: name } = judged;
  const { protocol } = world.plan.setup;
  const specification = specificationsOf(protocol)[name];
  const whole = historyAt(world);
  const history = covered(whole, specification);
  const excluded = whole.find((one) => specification?.excludes?.includes(one.name));
  if (excluded !== undefined) {
    const why = { code: 'excluded', operation: excluded.name, specification: name } as const;
    return { history, verdict: { code: 'history-undecided', model, why } };
  }
  const verdict = checkedOnce(whole, judged, () =>
    check(history, judged, protocol, specification));
  return { history, verdict };
}

/** The operations that the specification is about; without one, all. */
export function covered(
  history: readonly RecordedOperation[],
  specification: Specification | undefined,
): readonly RecordedOperation[] {
  const names = specification?.operations;
  return names === undefined ? history : history.filter(({ name }) => names.includes(name));
}

type Failed = Extract<Reason, { code: 'author-code-failed' }>;

function check(
  history: readonly RecordedOperation[],
  { model: name }: Pick<HistoryExpectation, 'model'>,
  protocol: Protocol,
  specification: Specification = nothing,
): ModelVerdict | Failed {
  const model = modelOf(name);
  if (model === undefined) throw new Error(`there is no checker for ${name}`);
  try {
    return checkModel(history, model, specification, limits, protocol.transactions);
  } catch (error) {
    // The code of the specification and of the transactions is its author's.
    const kind = model.of === 'transactions' ? 'transactions' : 'specification';
    const place = placeOf(error, protocol);
    const failed = { code: 'author-code-failed', kind, message: thrownText(error) } as const;
    return place === undefined ? failed : { ...failed, place };
  }
}

function placeOf(error: unknown, protocol: Protocol): Failed['place'] {
  const [code, stack] = [workspaceCode(protocol), thrownStack(error)];
  const call = code && stack !== undefined ? thrownAt(code, stack) : undefined;
  return call && { file: call.file, line: call.line, column: call.column };
}

/** For models of transactions, which say by themselves what reads and writes do. */
const nothing: Specification = { doc: '', init: () => null, step: (state) => state };

/** Panels and reports request verdicts again and again: a history is checked once. */
const known = new WeakMap<readonly RecordedOperation[], Map<string, ModelVerdict | Failed>>();

function checkedOnce(
  history: readonly RecordedOperation[],
  { model, specification }: Pick<HistoryExpectation, 'model' | 'specification'>,
  check: () => ModelVerdict | Failed,
): ModelVerdict | Failed {
  let verdicts = known.get(history);
  if (verdicts === undefined) known.set(history, (verdicts = new Map()));
  const key = `${model} ${specification}`;
  let verdict = verdicts.get(key);
  if (verdict === undefined) verdicts.set(key, (verdict = check()));
  return verdict;
}

function witnessOf(
  witness: Witness,
  history: readonly RecordedOperation[],
  model: ModelName,
): HistoryWitness {
  const shown = (indices: readonly number[]) => indices.map((index) => operationOf(history[index]));
  const indices = operationsOf(witness);
  const operations = shown(indices);
  const edges = edgesOf(history, witness, model).map((edge): OrderEdge => {
    return { ...edge, from: indices.indexOf(edge.from), to: indices.indexOf(edge.to) };
  });
  switch (witness.code) {
    case 'no-order': {
      const { state, blocked } = witness;
      return { type: 'no order', operations, edges, state, blocked: shown(blocked) };
    }
    case 'pattern':
      return { type: 'pattern', pattern: witness.pattern, operations, edges };
    case 'other': {
      const { lines, labels } = witness;
      return { type: 'other', lines, operations, edges, ...(labels && { labels }) };
    }
  }
}

function operationOf(operation: RecordedOperation): WitnessedOperation {
  const { process, node, name, args, outcome, result, invokedStep, endedStep } = operation;
  const ended = { ...(result !== undefined && { result }), ...(endedStep && { endedStep }) };
  return { process, node, name, args, outcome, invokedStep, ...ended };
}

/** The step in which the last of the operations ended: from there on, the history is wrong. */
function lastStep(
  operations: readonly WitnessedOperation[],
  history: readonly RecordedOperation[],
) {
  const steps = operations.map(({ endedStep }) => endedStep ?? -1);
  const step = Math.max(...steps);
  const found = history.find(({ endedStep }) => endedStep === step);
  return found?.endedAt === undefined ? undefined : { step, time: found.endedAt };
}
