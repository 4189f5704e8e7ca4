/** Parses `history is MODEL`, an expectation of the client operations of a run. */
import type { Protocol } from '../../protocol/types.ts';
import { modelNamed, modelNames, needsSpecification } from '../history/models.ts';
import { onlyName, specificationsOf } from '../history/specifications.ts';
import type { Fault } from '../problem.ts';
import type { HistoryExpectation } from '../scenario.ts';
import { didYouMean, oneOf, unknownName, useOneOf } from '../suggest.ts';

export type ParsedHistory = { readonly history: HistoryExpectation } | { readonly fault: Fault };

const form = /^history(?:\s+of\s+(.+?))?\s+is(\s+not)?\s+(?=\S)/;

const historyForm = 'history is MODEL';

/** `history [of SPECIFICATION] is [not] MODEL` */
export function parseHistory(text: string, protocol: Protocol): ParsedHistory {
  const match = form.exec(text);
  if (match === null) {
    const message = 'expected `is` and a consistency model after `history`';
    const hint = 'write `history is linearizable`';
    return { fault: { code: 'expected-model', message, hint, start: 0, end: text.length } };
  }
  const [head, of, not] = match;
  const word = text.slice(head.length).trimEnd();
  const model = modelNamed(word);
  if (model === undefined) {
    const lacks = 'there is no consistency model';
    const mistake = unknownName('unknown-model', lacks, word, modelNames);
    return { fault: { ...mistake, start: head.length, end: head.length + word.length } };
  }
  const isFree = of === undefined && !needsSpecification(model);
  const specification = isFree ? '' : specificationNamed(of, protocol);
  if (typeof specification !== 'string') {
    const start = of === undefined ? 0 : text.indexOf(of);
    const end = of === undefined ? 'history'.length : start + of.length;
    return { fault: { ...specification, start, end } };
  }
  return { history: { model, specification, isNot: not !== undefined } };
}

function specificationNamed(
  name: string | undefined,
  protocol: Protocol,
): string | Pick<Fault, 'code' | 'message' | 'hint'> {
  const names = Object.keys(specificationsOf(protocol));
  if (names.length === 0) {
    const lacks = `${protocol.name} has no specification to hold a history against`;
    const { noSpecification: why } = protocol;
    if (why !== undefined) return { code: 'no-specification', message: `${lacks}: ${why}` };
    const message = lacks;
    const hint = 'declare `specification` in `defineProtocol`';
    return { code: 'no-specification', message, hint };
  }
  if (name !== undefined && names.includes(name)) return name;
  if (name === undefined && names.length === 1) return names[0];
  if (name === undefined) {
    const message = `${protocol.name} has several specifications`;
    const hint = `write \`history of ${names[0]} is …\`, with ${oneOf(names)}`;
    return { code: 'no-specification', message, hint };
  }
  const message = `${protocol.name} has no specification \`${name}\``;
  const only = names.length === 1 && names[0] === onlyName;
  const hint = only ? `write \`${historyForm}\`` : (didYouMean(name, names) ?? useOneOf(names));
  return { code: 'no-specification', message, hint };
}
