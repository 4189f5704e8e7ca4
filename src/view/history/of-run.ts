/** The History panel of a debug session: the client operations up to the present moment. */
import { historySentence } from '../../check/history/words.ts';
import type { Units } from '../../kernel/text/data-text.ts';
import { modelOf } from '../../check/models/models.ts';
import type { HistoryReason, Verdict, WitnessedOperation } from '../../scenario/verdict.ts';
import type { CallWords } from '../../check/models/model-words.ts';
import type { RecordedOperation } from '../../protocol/history.ts';
import type { Reading } from '../../session/read/reading.ts';
import type { HistoryView, ModelVerdictView, OperationView, WitnessView } from './history-view.ts';
import { operationView } from './operation-view.ts';

/** How many operations are drawn: the last ones. */
const operationsMax = 200;

export function historyOf(reading: Reading): HistoryView {
  const { history, moment } = reading;
  const before = Math.max(0, history.length - operationsMax);
  const operations = history.slice(before).map((one, place) => {
    return operationView(one, before + place, undefined, wordsOf(one, moment));
  });
  return { operations, before, after: 0, verdicts: verdictsOf(reading) };
}

/** What other panels know of the arguments of an operation, too. */
function wordsOf({ node, name }: RecordedOperation, moment: Reading['moment']): CallWords {
  return { parameters: moment.parameters(node, name), units: moment.wording.argumentUnits };
}

function verdictsOf({ stop, history, moment }: Reading): ModelVerdictView[] {
  const { reason } = stop;
  const { argumentUnits: units } = moment.wording;
  if (reason.type !== 'end') return [];
  const numbers = new Map(history.map(({ invokedStep, process }, index) => {
    return [`${invokedStep} ${process}`, index];
  }));
  const drawn: Drawn = ({ invokedStep, process }, label) => {
    const index = numbers.get(`${invokedStep} ${process}`)!;
    return operationView(history[index], index, label, wordsOf(history[index], moment));
  };
  return reason.verdicts.flatMap((verdict) => {
    const view = verdictView(verdict, drawn, units);
    return view === undefined ? [] : [view];
  });
}

/** Makes the view of an operation of the run that a witness names. */
type Drawn = (operation: WitnessedOperation, label?: string) => OperationView;

/** Undefined for a verdict that is not about the history, or that only notes a model. */
function verdictView(
  verdict: Verdict,
  drawn: Drawn,
  units: Units,
): ModelVerdictView | undefined {
  const { subject } = verdict;
  if (verdict.type === 'holds') {
    const isOfHistory = verdict.tested?.on === 'history' && subject.kind === 'expectation';
    return isOfHistory ? { model: subject.text, doc: '', type: 'holds', lines: [] } : undefined;
  }
  const { reason } = verdict;
  if (!isAboutHistory(reason)) return undefined;
  const doc = modelOf(reason.model)?.doc ?? '';
  const about = { model: reason.model, doc, lines: [`${historySentence(reason, units)}.`] };
  if (reason.code === 'history-undecided') return { ...about, type: 'unknown' };
  if (reason.code === 'history-satisfies') return { ...about, type: 'holds' };
  return { ...about, type: 'violated', witness: witnessView(reason, drawn) };
}

function isAboutHistory(reason: { readonly code: string }): reason is HistoryReason {
  return reason.code.startsWith('history-');
}

function witnessView(
  { witness }: Extract<HistoryReason, { code: 'history-violates' }>,
  drawn: Drawn,
): WitnessView {
  const labels = witness.type === 'other' ? witness.labels : undefined;
  const operations = witness.operations.map((one, place) => drawn(one, labels?.[place]));
  const blocked = witness.type === 'no order' ? witness.blocked.map((one) => drawn(one).index) : [];
  return { operations, edges: [...witness.edges], longest: [], blocked };
}
