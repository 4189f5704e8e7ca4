/** Words for the verdicts on histories: the command line and the editor use these. */
import { shown } from '../../kernel/data/shown.ts';
import { noUnits, type Units } from '../../kernel/text/data-text.ts';
import { operationText as invokedText } from '../../kernel/text/operation-text.ts';
import type { History, HistoryOperation } from '../../protocol/history.ts';
import type { ParameterSpec } from '../../protocol/values.ts';
import { observers } from '../formats/events.ts';
import { partsText, undecidedTransactions } from '../transactions/words.ts';
import { intervals } from './intervals.ts';
import type {
  Edge, NoOrder, NotRecorded, Pattern, RecordedVerdict, Undecided, Witness,
} from './verdict.ts';

/** More operations than this say less. */
const operationsMax = 16;
const lastMax = 6;

/** What the verdict says beyond its type, one sentence or operation per line. */
export function verdictLines(history: History, verdict: RecordedVerdict): string[] {
  switch (verdict.type) {
    case 'holds':
      return [];
    case 'unknown':
      return [undecidedSentence(verdict.why)];
    case 'violated':
      return witnessLines(history, verdict.witness);
  }
}

/** What violates a model, such as `G2-item (write skew): T1 → T2 → T1`, if it has a name. */
export function anomalyName(verdict: RecordedVerdict): string | undefined {
  if (verdict.type !== 'violated') return undefined;
  const { witness } = verdict;
  switch (witness.code) {
    case 'no-order':
      return undefined;
    case 'pattern':
      return witness.pattern;
    case 'other':
      return witness.lines[0];
  }
}

function undecidedSentence(why: Undecided | NotRecorded): string {
  if (why.code === 'not-defined') {
    return `This model is defined for ${why.needs} only, and the history has other operations.`;
  }
  if (why.code === 'not-recorded') {
    const { lacks } = why;
    const isTime = lacks === 'invocations';
    const what = isTime ? 'which operations overlapped' : 'the order of each client';
    const known = 'is not known: what it has does not violate this.';
    return `The history has no ${lacks}, so ${what} ${known}`;
  }
  if (why.code !== 'limit-reached') {
    const [first = '', ...rest] = undecidedTransactions(why);
    return `${first.toUpperCase()}${rest.join('')}.`;
  }
  const amount = `${why.max.toLocaleString('en')} ${why.limit === 'steps' ? 'steps' : 'bytes'}`;
  return `The check was ended after ${amount}: give it a larger --${why.limit} to go on.`;
}

function witnessLines(history: History, witness: Witness): string[] {
  switch (witness.code) {
    case 'no-order':
      return noOrderLines(history, witness);
    case 'pattern':
      return patternLines(history, witness);
    case 'other':
      return [...witness.lines];
  }
}

/** `process 3: cas expected 2, value 4 → true`. */
function operationText(operation: HistoryOperation): string {
  return `process ${operation.process}: ${callText(operation)}`;
}

/**
 * `cas 2 4 → true`: written as in a scenario. Without the parameters of its role, the arguments
 * have the units of fields with their names.
 */
export function callText(operation: HistoryOperation, words: CallWords = {}): string {
  const { name, args, outcome, result } = operation;
  if (name === 'txn') return partsText(operation);
  const { units = noUnits, parameters = {} } = words;
  const called = invokedText({ operation: name, args }, parameters, units);
  const returned = outcome === 'ok' ? shown(result ?? null) : outcome;
  const isNothing = outcome === 'ok' && (result === null || result === undefined);
  return `${called} → ${isNothing && !observers.has(name) ? 'ok' : returned}`;
}

/** What is known of the arguments of an operation. */
export interface CallWords {
  readonly units?: Units;
  readonly parameters?: Readonly<Record<string, ParameterSpec>>;
}

function noOrderLines(history: History, witness: NoOrder): string[] {
  const { key, of, operations, longest, state, blocked } = witness;
  const where = key === undefined ? '' : ` on ${shown(key)}`;
  const shownOperations = operations.slice(-operationsMax);
  const count = operations.length - shownOperations.length;
  const more = count === 0 ? '' : ` (the last ${shownOperations.length} of ${operations.length})`;
  const lines = [
    `There is no order of these operations${where}${viewOf(of)}${more}:`,
    ...intervals(history, shownOperations, operationText),
  ];
  if (longest.length > 0) {
    const last = longest.slice(-lastMax);
    const cut = last.length < longest.length ? `, of which these are the last` : '';
    lines.push(`The longest order that is possible has ${countOf(longest.length)}${cut}:`);
    lines.push(...last.map((one) => `  ${operationText(history[one])}`));
  }
  const before = longest.length > 0 ? 'After them the state is' : 'At the start the state is';
  if (blocked.length > 0) {
    lines.push(`${before} ${shown(state)}, and none of these is possible next:`);
    lines.push(...blocked.slice(0, lastMax).map((one) => `  ${operationText(history[one])}`));
  }
  return lines;
}

function viewOf(process: string | undefined): string {
  return process === undefined ? '' : `, as process ${process} sees them`;
}

function countOf(count: number): string {
  return count === 1 ? 'one operation' : `${count} operations`;
}

function patternLines(history: History, witness: Pattern): string[] {
  const edges = witness.edges.map((edge) => `  ${edgeText(history, edge)}`);
  return [...patternSentences(history, witness), ...edges];
}

function patternSentences(history: History, witness: Pattern): string[] {
  const text = (one: number | undefined, otherwise: string) =>
    one === undefined ? otherwise : `\`${operationText(history[one])}\``;
  const { read, missed, returned, of } = witness;
  switch (witness.pattern) {
    case 'thin-air read':
      return [`No operation wrote what was read: ${text(read, '')}.`];
    case 'cycle':
      return [`Each of these comes before the next, and the last before the first${viewOf(of)}:`];
    case 'stale read': {
      const from = text(returned, 'the value at the start');
      return [
        `${text(read, '')} returned ${returned === undefined ? from : `what ${from} wrote`},`,
        `but it must have seen ${text(missed, '')}, which is newer${viewOf(of)}:`,
      ];
    }
    case 'no convergence':
      return [
        `${text(read, '')} was invoked after all messages were delivered,`,
        `but it does not agree with ${text(missed, '')}.`,
      ];
  }
}

function edgeText(history: History, { from, to, because, shownBy }: Edge): string {
  const [first, second] = [operationText(history[from]), operationText(history[to])];
  switch (because) {
    case 'program order':
      return `${first}  — then, in its process —  ${second}`;
    case 'reads from':
      return `${first}  — is read by —  ${second}`;
    case 'overwritten first':
      return `${first}  — must be older than —  ${second}${shownText(history, shownBy)}`;
    case 'read before write':
      return `${first}  — did not see —  ${second}`;
  }
}

function shownText(history: History, shownBy: Edge['shownBy']): string {
  const read = shownBy?.at(-1);
  return read === undefined ? '' : `, as this shows: ${operationText(history[read])}`;
}
