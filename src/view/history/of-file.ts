/** The History panel of a file: reads it, and checks it against each model that applies. */
import {
  guessedSpecification, historyFormats, readHistory, type RecordedHistory, subjectOf, type Subject,
} from '../../check/formats/read-history.ts';
import { checkRecorded } from '../../check/formats/check-recorded.ts';
import { defaultLimits, type Limits } from '../../check/models/limits.ts';
import { checkModel, type Model, models } from '../../check/models/models.ts';
import { operationsOf } from '../../check/models/order-edges.ts';
import { upTo, violatedAt } from '../../check/models/valid-prefix.ts';
import { transactionsOfRun } from '../../check/transactions/run-history.ts';
import type { History, HistoryOperation } from '../../protocol/history.ts';
import { shippedSpecifications } from '../../protocol/specifications/shipped.ts';
import { lacksSpecification } from '../panel-words/history.ts';
import type {
  HistoryChoice, HistoryPart, HistoryReport, HistoryView, ModelVerdictView, OperationView,
} from './history-view.ts';
import { operationView } from './operation-view.ts';
import { verdictView } from './witness-view.ts';

/** A page holds so many operations, and draws some hundred of them at once. */
const operationsMax = 10_000;
/** How many operations are sent around a conflict that is not among those. */
const aroundMax = 400;

/** Reports what was read, then the verdict of one model after the other. */
export function* checkedFile(
  text: string,
  { format: wanted, specification, steps }: HistoryChoice,
): Generator<HistoryReport, void> {
  const format = historyFormats.find(({ name }) => name === wanted);
  const read = readHistory(text, format);
  if ('problem' in read) {
    yield { type: 'problem', problem: { ...read.problem } };
    return;
  }
  const drawn = operationsOfFile(read);
  const subject = chosenSubject(read, specification);
  const checked = modelsFor(read.history, subject);
  const all = read.history.length;
  const view: HistoryView = {
    operations: read.history.slice(0, operationsMax).map((one, index) => drawn(one, index)),
    before: 0,
    after: Math.max(0, all - operationsMax),
    verdicts: checked.map(({ name, doc }): ModelVerdictView => {
      return { model: name, doc, type: 'checking', lines: [] };
    }),
  };
  if (checked.length === 0) view.verdicts = [noVerdict(read.history)];
  yield {
    type: 'read',
    format: read.format.name,
    view,
    ...(subject && { specification: subject.name }),
    ...(read.origin && { origin: { ...read.origin } }),
  };
  const limits = { ...defaultLimits, steps };
  for (const model of checked) {
    yield { type: 'verdict', verdict: verdictOn(read.history, subject, model, limits, drawn) };
  }
}

/** Makes the view of an operation, whose steps its file may name. */
type Drawn = (operation: HistoryOperation, index: number, label?: string) => OperationView;

function operationsOfFile({ history, steps }: RecordedHistory): Drawn {
  return (operation, index, label) => {
    const view = operationView(operation, index, label);
    const { invoked, returned } = history[index];
    const invokedStep = steps?.[invoked];
    const endedStep = returned === undefined ? undefined : steps?.[returned];
    if (invokedStep !== undefined) view.invokedStep = invokedStep;
    if (endedStep !== undefined) view.endedStep = endedStep;
    return view;
  };
}

function chosenSubject(read: RecordedHistory, wanted: string | undefined): Subject | undefined {
  const shipped =
    shippedSpecifications.find(({ name }) => name === wanted) ??
    guessedSpecification(read.history);
  const hasAll = read.history.every(({ name }) => shipped?.operations.includes(name));
  return shipped && hasAll ? subjectOf(read, shipped) : undefined;
}

function modelsFor(history: History, subject: Subject | undefined): readonly Model[] {
  const ofKind = (kind: Model['of']) => models.filter((model) => model.of === kind);
  if (history.some(({ name }) => name === 'txn')) return ofKind('transactions');
  if (subject !== undefined) return ofKind('operations');
  const run = transactionsOfRun(history);
  const areTransactions = run.type === 'transactions' && run.history.length > 0;
  return areTransactions ? ofKind('transactions') : [];
}

function noVerdict(history: History): ModelVerdictView {
  const names = [...new Set(history.map(({ name }) => name))];
  return { model: 'linearizable', doc: '', type: 'unknown', lines: [lacksSpecification(names)] };
}

const nothing: Subject['specification'] = { doc: '', init: () => null, step: (state) => state };

function verdictOn(
  whole: History,
  subject: Subject | undefined,
  model: Model,
  limits: Limits,
  drawn: Drawn,
): ModelVerdictView {
  const history = model.of === 'operations' ? (subject?.history ?? whole) : whole;
  const specification = subject?.specification ?? nothing;
  const isWhole = history === whole;
  const verdict = subject
    ? checkRecorded({ ...subject, history }, model, limits)
    : checkModel(history, model, specification, limits);
  const validUntil =
    verdict.type === 'violated' ? violatedAt(history, model, specification, limits) : undefined;
  // The conflict that is shown is the one that ends the valid prefix: there may be several.
  const shown = validUntil === undefined ? history : upTo(history, validUntil);
  const first =
    validUntil === undefined ? verdict : checkModel(shown, model, specification, limits);
  const numbers = isWhole ? undefined : numbersIn(whole, history);
  const numberOf = (index: number) => numbers?.[index] ?? index;
  const view = verdictView(shown, model, first, (index, label) => {
    return drawn(shown[index], numberOf(index), label);
  });
  if (first.type !== 'violated' || view.type !== 'violated') return view;
  if (validUntil !== undefined) view.validUntil = validUntil;
  const last = Math.max(...operationsOf(first.witness).map(numberOf));
  return last < operationsMax ? view : { ...view, around: around(whole, last, drawn) };
}

/** The operations around a conflict that is not among the first ones. */
function around(history: History, last: number, drawn: Drawn): HistoryPart {
  const { length } = history;
  const first = Math.max(0, Math.min(last - aroundMax / 2, length - aroundMax));
  const count = Math.min(aroundMax, length - first);
  const operations = history
    .slice(first, first + count)
    .map((one, place) => drawn(one, first + place));
  return { operations, before: first, after: length - first - count };
}

/** The number of each operation of a part in the whole history. */
function numbersIn(whole: History, part: History): number[] {
  const numbers = new Map(whole.map((operation, index) => [operation, index]));
  return part.map((operation) => numbers.get(operation)!);
}
