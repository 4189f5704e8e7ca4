/** Finds fields in conditions on events that no event of a built-in protocol has, before a run. */
// A field of an event is a word of the protocol's source. A word that is not there is misspelt. One
// that is there, but belongs to another event, is reported at the end of a run.
import { declaredFields, wordsOfProtocol } from '../code/built-in-words.ts';
import { library } from '../protocols/library.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ScenarioProblem, SourceRange } from '../scenario/problem.ts';
import { didYouMean } from '../scenario/suggest.ts';
import { awaitedEvents, fieldsNamed } from './event-fields.ts';

export function unknownEventFields(scenario: Scenario): ScenarioProblem[] {
  const { protocol } = scenario;
  const words = library.includes(protocol) ? wordsOfProtocol(protocol.name) : undefined;
  if (words === undefined) return [];
  return awaitedEvents(scenario).flatMap(({ pattern, text, range }) => {
    const { name } = pattern;
    // The kernel reports these, and their fields are not in the protocol's source.
    if (range === undefined || name.startsWith('Connection')) return [];
    const absent = fieldsNamed(pattern).filter((field) => !words.has(field));
    return absent.map((field): ScenarioProblem => {
      const hint = didYouMean(field, declaredFields(protocol.name, name));
      const message = `${name} has no field \`${field}\``;
      const place = placeOf(field, text, range);
      const problem = { code: 'cel-unknown-field', severity: 'error', message, ...place } as const;
      return hint === undefined ? problem : { ...problem, hint };
    });
  });
}

/** The field in its line; the whole line if it is written in another way there. */
function placeOf(field: string, text: string, range: SourceRange): SourceRange {
  const index = text.indexOf(`.${field}`);
  if (index < 0 || range.line !== range.endLine) return range;
  const column = range.column + index + 1;
  return { ...range, column, endColumn: column + field.length };
}
