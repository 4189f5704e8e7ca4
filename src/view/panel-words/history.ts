/** The words of the History panel and of the pictures of witnesses. */
import type { OrderEdge } from '../../scenario/history/order-edges.ts';
import type { Marks } from '../history/draw-intervals.ts';
import type {
  HistoryPart, HistoryProblem, ModelVerdictView, OperationView, ViolatedView,
  WitnessView,
} from '../history/history-view.ts';

export const labels = {
  model: 'Model',
  format: 'Format',
  specification: 'Operations of',
  detected: 'detected',
  operations: 'Operations',
  witness: 'The smallest set that shows it',
  inWords: 'In words',
  openAsText: 'Open as Text',
  goToProblem: 'Go to This Place',
  stop: 'Stop Checking',
  checkLonger: 'Check Longer',
  goToConflict: 'Go to the Conflict',
  goToMoment: 'Go to the Moment',
  earlier: 'Earlier',
  later: 'Later',
  legend: 'Legend',
  noOperations: 'No client has invoked an operation yet.',
  noVerdicts:
    'A line `history is MODEL` under `expect` is checked at the end of the run; its verdict then ' +
    'appears here.',
} as const;

/** What the legend explains, by the style of each. */
export const legend = {
  ok: 'took effect',
  failed: 'had no effect',
  unknown: 'outcome unknown: may still take effect',
  'ok conflict': 'in the conflict',
  valid: 'longest valid prefix',
} as const;

const verdictNames: Readonly<Record<ModelVerdictView['type'], string>> = {
  holds: 'holds',
  violated: 'violated',
  unknown: 'unknown',
  checking: 'checking …',
  stopped: 'not checked',
};

const marks: Readonly<Record<ModelVerdictView['type'], string>> = {
  holds: '✓', violated: '✗', unknown: '?', checking: '…', stopped: '–',
};

/** `✗ linearizable: violated`. */
export function verdictName({ model, type }: ModelVerdictView): string {
  return `${marks[type]} ${model}: ${verdictNames[type]}`;
}

export function edgeLabel({ because, key }: OrderEdge): string {
  const name = because === 'read before write' ? 'did not see' : because;
  return key === undefined ? name : `${name} ${key}`;
}

/** `process 3: write 4 → ok`; of a transaction, `T1 (A): r x nil, append y 1`. */
export function operationTitle({ process, text, namesClient }: OperationView): string {
  return namesClient ? text : `process ${process}: ${text}`;
}

/** An operation with all that the picture shows of it. */
export function operationInWords(operation: OperationView, found: Marks): string {
  const { index, outcome, invokedStep, endedStep } = operation;
  const order = found.order.get(index);
  return [
    `${index + 1}: ${operationTitle(operation)}`,
    ...(outcome === 'unknown' ? ['outcome unknown'] : []),
    ...(found.conflict.has(index) ? ['in the conflict'] : []),
    ...(found.blocked.has(index) ? ['cannot come next'] : []),
    ...(order === undefined ? [] : [`number ${order} of the longest order`]),
    ...(isAfter(operation, found) ? ['after the longest valid prefix'] : []),
    ...(invokedStep === undefined ? [] : [stepsText(invokedStep, endedStep)]),
  ].join(', ');
}

function isAfter({ returned, invoked }: OperationView, { validUntil }: Marks): boolean {
  return validUntil !== undefined && (returned ?? invoked) >= validUntil;
}

function stepsText(invoked: number, ended: number | undefined): string {
  if (ended === undefined) return `from step ${invoked} on`;
  return ended === invoked ? `step ${ended}` : `steps ${invoked} to ${ended}`;
}

/** Which operations a part of a history has. */
export function partText({ operations, before, after }: HistoryPart): string {
  const all = before + operations.length + after;
  if (before === 0 && after === 0) return all === 1 ? '1 operation' : `${number(all)} operations`;
  const range = `${number(before + 1)} to ${number(before + operations.length)}`;
  return `Operations ${range} of ${number(all)} are drawn`;
}

function number(count: number): string {
  return count.toLocaleString('en');
}

/** The picture of a part of a history, for screen readers. */
export function partInWords(part: HistoryPart, processes: number, found: Marks): string {
  const rows = processes === 1 ? '1 process' : `${processes} processes`;
  const unknown = part.operations.filter(({ outcome }) => outcome === 'unknown').length;
  const conflict = part.operations.filter(({ index }) => found.conflict.has(index)).length;
  return [
    `${partText(part)}, as intervals of ${rows}`,
    ...(unknown === 0 ? [] : [`${unknown} of unknown outcome`]),
    ...(conflict === 0 ? [] : [`${conflict} in the conflict`]),
  ].join('; ');
}

/** Where the valid prefix ends; empty if that is not known. */
export function prefixText(
  { validUntil, model }: ViolatedView,
  operations: readonly OperationView[],
): string {
  if (validUntil === undefined) return '';
  const at = operations.find(({ returned }) => returned === validUntil);
  const what = at === undefined ? 'a response' : `the response to \`${operationTitle(at)}\``;
  return `Before ${what}, the history is ${model}.`;
}

/** The picture of a witness: its title and its description. */
export function witnessTitle(model: string): string {
  return `Why the history is not ${model}`;
}

export function witnessInWords({ operations, edges, blocked }: WitnessView): string[] {
  const name = (place: number) => operationTitle(operations[place]);
  return [
    `${operations.length === 1 ? '1 operation' : `${operations.length} operations`}:`,
    ...operations.map((one) => {
      const cannot = blocked.includes(one.index) ? ' (cannot come next)' : '';
      return `  ${operationTitle(one)}${cannot}`;
    }),
    ...edges.map((edge) => `${name(edge.from)} — ${edgeLabel(edge)} → ${name(edge.to)}`),
  ];
}

export function leftOutText(count: number): string {
  return count === 0 ? '' : `The first ${count} of its operations are not drawn.`;
}

export function limitReached(
  { limit, max }: { readonly limit: 'steps' | 'memory'; readonly max: number },
): string {
  const amount = `${number(max)} ${limit === 'steps' ? 'steps' : 'bytes of memory'}`;
  return `The check was stopped at ${amount}, before it could decide.`;
}

export function lacksSpecification(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return `Lockstep has no specification of all these operations: ${shown}. They are only drawn.`;
}

/** `lost-update.edn:3:5: expected a value`. */
export function problemText(file: string, { line, column, message }: HistoryProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** What a screen reader announces of a file: all verdicts in one sentence. */
export function spokenVerdicts(verdicts: readonly ModelVerdictView[]): string {
  const done = verdicts.filter(({ type }) => type !== 'checking');
  if (done.length < verdicts.length) return '';
  return done.map(({ model, type }) => `${model}: ${verdictNames[type]}`).join('; ');
}

export function runText(scenario: string, seed: number): string {
  return `Recorded from ${scenario}, seed ${seed}.`;
}

/** A conflict that an earlier stop of the same run has shown. */
export function keptText(step: number): string {
  return `Found at step ${step}, when the run ended.`;
}
