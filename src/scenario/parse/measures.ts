/** `measure`: names, each with an expression that is evaluated at the end of the run. */
import { isMap, isScalar } from 'yaml';
import type { CommandContext } from '../commands/command.ts';
import type { Fault } from '../problem.ts';
import type { EventPattern, Measure } from '../scenario.ts';
import { isTooLong, parsePattern } from './lines.ts';
import { type Placed, placedText, type Problems } from './positions.ts';

const measuresMax = 50;
/** A name is the head of a column. */
const nameMax = 60;

export function parseMeasures(
  node: unknown,
  context: CommandContext,
  problems: Problems,
): Measure[] {
  if (!isMap(node)) return [];
  if (node.items.length > measuresMax) {
    const message = `a scenario cannot have more than ${measuresMax} measures`;
    problems.at(node, { code: 'bad-setting', message });
    return [];
  }
  return node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    if (name.trim() === '' || name.length > nameMax || /[\n|]/.test(name)) {
      const message = `the name of a measure must have 1 to ${nameMax} characters, and no \`|\``;
      problems.at(key, { code: 'bad-setting', message });
      return [];
    }
    // The shape check has reported a value of another type.
    if (!isScalar(value) || typeof value.value !== 'string') return [];
    return parseMeasure(name, placedText(value, problems.source), context, problems) ?? [];
  });
}

function parseMeasure(
  name: string,
  placed: Placed,
  context: CommandContext,
  problems: Problems,
): Measure | undefined {
  if (isTooLong(placed, problems)) return undefined;
  const compiled = context.language.measure(placed.text);
  if ('fault' in compiled) {
    problems.fault(placed, compiled.fault);
    return undefined;
  }
  const { expression } = compiled;
  const counted = new Map<string, EventPattern>();
  for (const { pattern, start, end } of expression.counts) {
    const parsed = parsePattern(pattern, 0, context);
    if ('event' in parsed) counted.set(pattern, parsed.event);
    else problems.fault(placed, insideString(parsed.fault, placed.text, { start, end }));
  }
  if (expression.counts.some(({ pattern }) => !counted.has(pattern))) return undefined;
  return { name, expression, counted, range: problems.range(placed.offset, placed.end) };
}

/** The fault at its place in the expression; at the whole string if that has escapes. */
function insideString(
  fault: Fault,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): Fault {
  if (text.slice(start, end).includes('\\')) return { ...fault, start, end };
  const from = start + 1 + fault.start;
  return { ...fault, start: from, end: Math.min(start + 1 + fault.end, end - 1) };
}
