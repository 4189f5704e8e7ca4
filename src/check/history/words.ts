/** Words for verdicts on histories. */
import { shown } from '../../kernel/data/shown.ts';
import type { HistoryReason, HistoryWitness, WitnessedOperation } from '../../scenario/verdict.ts';

/** A sentence without a capital or a period, to follow its subject and a colon. */
export function historySentence(reason: HistoryReason): string {
  switch (reason.code) {
    case 'history-violates':
      return witnessSentence(reason.witness);
    case 'history-satisfies':
      return `the history of ${reason.operations} operations is ${reason.model}`;
    case 'history-undecided':
      return undecidedSentence(reason);
  }
}

function witnessSentence(witness: HistoryWitness): string {
  const operations = witness.operations.map(operationText).join('; ');
  switch (witness.type) {
    case 'no order': {
      const { state, blocked } = witness;
      const names = blocked.map(callText).join(' nor ');
      const why = blocked.length === 0 ? '' : `: in the state ${shown(state, 80)}, ${names} can follow`;
      const neither = blocked.length > 1 ? why.replace(', ', ', neither ') : cannot(why);
      return `there is no order of ${operations}${neither}`;
    }
    case 'pattern':
      return `${witness.pattern}: ${operations}`;
    case 'other':
      return `${witness.lines.join(', ')}: ${operations}`;
  }
}

function cannot(why: string): string {
  return why.replace(/ can follow$/, ' cannot follow');
}

/** `c1 put x 1 → "OK" (steps 12 to 20)` */
function operationText(operation: WitnessedOperation): string {
  const { invokedStep, endedStep, outcome, process, node } = operation;
  const steps = endedStep === undefined ? `from step ${invokedStep} on` : `steps ${invokedStep} to ${endedStep}`;
  const as = process === node ? '' : ` as ${process}`;
  const answer = outcome === 'ok' ? ` → ${shown(operation.result, 60)}` : ` (outcome ${outcome})`;
  return `\`${callText(operation)}${answer}\`${as} (${steps})`;
}

function callText({ node, name, args }: WitnessedOperation): string {
  const given = Object.values(args).map((one) => (typeof one === 'string' ? one : shown(one, 40)));
  return [node, name, ...given].join(' ');
}

function undecidedSentence(
  { model, why }: Extract<HistoryReason, { code: 'history-undecided' }>,
): string {
  switch (why.code) {
    case 'limit-reached':
      return `the check used up its ${why.limit} before it could decide: try fewer operations or keys`;
    case 'not-defined':
      return `${model} is defined for ${why.needs} only`;
    case 'excluded':
      return `the history has \`${why.operation}\`, which the specification does not cover`;
  }
}
