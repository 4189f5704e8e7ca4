/** Checks what a protocol says about its messages, its events and the units of its fields. */
import { nearestWord } from '../../scenario/suggest.ts';
import { shown } from '../../kernel/data/shown.ts';
import {
  isPlain, isRecord, objectProblem, type Part, type Problems, unknownParts,
} from './shape-parts.ts';
import { hintFor } from './shape-words.ts';

const units = ['microseconds', 'milliseconds', 'seconds', 'hexadecimal', 'none'];

export function* unitProblems(given: unknown): Problems {
  if (given === undefined) return;
  if (!isPlain(given)) {
    const message = "`units` must be an object, such as { ttl: 'seconds' }";
    return yield { code: 'wrong-type', path: ['units'], message };
  }
  for (const [field, unit] of Object.entries(given)) {
    if (units.includes(unit as string)) continue;
    const message = `\`units\`: ${shown(unit, 60)} is not a unit: ${hintFor(unit, units)}`;
    yield { code: 'unknown-name', path: ['units', field], message };
  }
}

/** The summaries of each role. Only messages that a role handles are known by name. */
export function* summaryProblems(roles: Part, events: readonly string[]): Problems {
  const handled = Object.values(roles).flatMap((role) => {
    const own = isRecord(role) ? role.messages : undefined;
    return isRecord(own) ? Object.keys(own) : [];
  });
  const messages = [...new Set(handled)];
  const known: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    messages: ['message', messages],
    events: ['event', events],
  };
  for (const [role, one] of Object.entries(roles)) {
    const summary = isRecord(one) ? one.summary : undefined;
    if (summary === undefined) continue;
    const path = ['roles', role, 'summary'];
    if (!isPlain(summary)) {
      const what = 'an object with `messages` and `events`';
      const message = `role ${role}: \`summary\` must be ${what}`;
      yield { code: 'wrong-type', path, message };
      continue;
    }
    yield* unknownParts(summary, 'summary', path);
    for (const [part, [kind, names]] of Object.entries(known)) {
      if (summary[part] === undefined) continue;
      yield* objectProblem(summary, part, path);
      for (const [name, words] of Object.entries(isRecord(summary[part]) ? summary[part] : {})) {
        const own = [...path, part, name];
        const of = `role ${role}: the summary of ${name}`;
        if (typeof words !== 'function') {
          yield { code: 'wrong-type', path: own, message: `${of} is not a function` };
        } else if (!names.includes(name) && !isOfAnother(part, name, names)) {
          const message = `${of}: there is no such ${kind}: ${hintFor(name, names)}`;
          yield { code: 'unknown-name', path: own, message };
        }
      }
    }
  }
}

/** A role that several protocols share may send messages that no role of this one handles. */
function isOfAnother(part: string, name: string, names: readonly string[]): boolean {
  return part === 'messages' && nearestWord(name, names) === undefined;
}
