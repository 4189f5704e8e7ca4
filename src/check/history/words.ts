/** Words for verdicts on histories. */
import { shown } from '../../kernel/data/shown.ts';
import { noUnits, type Units } from '../../kernel/text/data-text.ts';
import { operationText as invokedText } from '../../kernel/text/operation-text.ts';
import { undecidedTransactions } from '../transactions/words.ts';
import type { HistoryReason, HistoryWitness, WitnessedOperation } from '../../scenario/verdict.ts';

/** A sentence without a capital or a period, to follow its subject and a colon. */
/** `units`: of the arguments and fields of the protocol. */
export function historySentence(reason: HistoryReason, units: Units = noUnits): string {
  switch (reason.code) {
    case 'history-violates':
      return witnessSentence(reason.witness, units);
    case 'history-satisfies':
      return `it is ${reason.model}, with ${reason.operations} operations`;
    case 'history-undecided':
      return undecidedSentence(reason);
  }
}

function witnessSentence(witness: HistoryWitness, units: Units): string {
  const operations = witness.operations.map((one) => operationText(one, units)).join('; ');
  switch (witness.type) {
    case 'no order': {
      const { state, blocked } = witness;
      const names = blocked.map((one) => `\`${callText(one, units)}${answerText(one)}\``);
      const why = `: in the state ${shown(state, 80)}, ${names.join(' and ')} cannot come next`;
      return `no order explains ${operations}${blocked.length === 0 ? '' : why}`;
    }
    case 'pattern':
      return `${witness.pattern}: ${operations}`;
    case 'other':
      return `${witness.lines.map((line) => line.trim()).join('; ')}; see ${operations}`;
  }
}

/** `` `c1 put x 1 → "OK"` (steps 12 to 20) `` */
function operationText(operation: WitnessedOperation, units: Units): string {
  const { invokedStep, endedStep } = operation;
  const steps =
    endedStep === undefined
      ? `from step ${invokedStep} on`
      : `steps ${invokedStep} to ${endedStep}`;
  return `\`${callText(operation, units)}${answerText(operation)}\` (${steps})`;
}

function answerText({ outcome, result }: WitnessedOperation): string {
  return outcome === 'ok' ? ` → ${shown(result, 60)}` : ` → ${outcome}`;
}

function callText({ node, name, args }: WitnessedOperation, units: Units): string {
  return `${node} ${invokedText({ operation: name, args }, {}, units)}`;
}

function undecidedSentence(
  { model, why }: Extract<HistoryReason, { code: 'history-undecided' }>,
): string {
  switch (why.code) {
    case 'limit-reached': {
      const instead = 'let the scenario invoke fewer operations at once, or use more keys';
      return `the check used up its ${why.limit} before it could decide: ${instead}`;
    }
    case 'not-defined':
      return `${model} is defined for ${why.needs} only`;
    case 'not-transactions':
    case 'repeated-value':
      return undecidedTransactions(why);
    case 'excluded': {
      const { operation, specification } = why;
      return `the history has \`${operation}\`, which the specification ${specification} excludes`;
    }
  }
}
