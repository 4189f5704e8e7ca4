/** Parses the lines of a scenario that are not plain settings: steps, expectations, events. */
import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { type CommandContext, parseCommand, type ParsedCommand } from '../commands/command.ts';
import { commentOfStep } from './comments.ts';
import { lengthMax, tooLong } from './limits.ts';
import { placedSlice, placedText, type Placed, type Problems, rangeOf } from './positions.ts';
import { parseHistory } from './history.ts';
import { checkEnds } from './nemesis-end.ts';
import { CommandReader } from '../commands/reader.ts';
import { readGoal } from '../commands/wait.ts';
import type { Fault, Mistake } from '../problem.ts';
import type { EventPattern, Expectation, Step, Until } from '../scenario.ts';
import { didYouMean, unknownName } from '../suggest.ts';
import { commentStart, openQuote, tokenize } from '../commands/tokens.ts';
import { parseSpan } from '../commands/values.ts';
import { parseThrows } from './throws.ts';

/** The steps of the document as strings, each with its position. */
export function stepTexts(node: unknown, problems: Problems): Placed[] {
  return isSeq(node) ? node.items.flatMap((item) => lineOf(item, problems) ?? []) : [];
}

export function parseSteps(
  lines: readonly Placed[],
  context: CommandContext,
  problems: Problems,
): Step[] {
  const steps: Step[] = [];
  const known = new Map<string, ParsedCommand>();
  for (const placed of lines) {
    if (isTooLong(placed, problems)) continue;
    let parsed = known.get(placed.text);
    if (parsed === undefined) {
      parsed = parseCommand(placed.text, context);
      // The lines after it may then mean something else.
      if ('command' in parsed && parsed.command.type === 'add') known.clear();
      else known.set(placed.text, parsed);
    }
    if ('fault' in parsed) {
      problems.fault(placed, parsed.fault);
      continue;
    }
    const hasComment = placed.text.includes('#');
    const text = oneLine(
      hasComment ? placed.text.slice(0, commentStart(placed.text)) : placed.text,
    );
    const range = problems.range(placed.offset, placed.end);
    const comment = commentOfStep(problems.source, placed);
    const said = comment === '' ? {} : { comment };
    steps.push({ index: steps.length, text, range, ...said, ...parsed });
  }
  checkEnds(steps, problems);
  return steps;
}

/** Adds a problem if the string is too long to be parsed. */
export function isTooLong({ text, offset, end }: Placed, problems: Problems): boolean {
  if (text.length <= lengthMax) return false;
  problems.add(tooLong, offset, Math.min(offset + 1, end));
  return true;
}

/** A command as the file has it. To YAML, one with a colon (`at 2s: heal`) is a pair. */
function lineOf(item: unknown, problems: Problems): Placed | undefined {
  if (isScalar(item) && item.value !== null) return placedText(item, problems.source);
  if (isMap(item) && item.items.length === 1) {
    const placed = placedPair(item.items[0], problems);
    if (placed !== undefined) return placed;
  }
  problems.at(item, {
    code: 'not-a-step',
    message: 'a step must be one command',
    hint: 'write one command a line, such as `- crash n1`',
  });
  return undefined;
}

function placedPair({ key, value }: Pair, problems: Problems): Placed | undefined {
  if (!isScalar(key) || (value !== null && !isScalar(value))) return undefined;
  const [start, keyEnd] = rangeOf(key);
  const [valueStart, valueEnd] = value === null ? [keyEnd, keyEnd] : rangeOf(value);
  const isQuoted = (at: number) => problems.source[at] === '"' || problems.source[at] === "'";
  if (isQuoted(start) || (value !== null && isQuoted(valueStart))) {
    const text = `${String(key.value)}: ${value === null ? '' : String(value.value)}`;
    return { text, offset: start, exact: false, end: valueEnd };
  }
  return placedSlice(problems.source, start, Math.max(valueEnd, keyEnd));
}

const conditionTypes = {
  always: 'always',
  never: 'never',
  eventually: 'eventually',
  end: 'end',
  'at the end': 'end',
} as const;
const expectationHint =
  'write `event NAME`, `no event NAME`, `throws`, `history is MODEL`, `always: CEL`, ' +
  '`never: CEL`, `eventually: CEL` or `end: CEL`';

export function parseExpectations(
  node: unknown,
  context: CommandContext,
  problems: Problems,
): Expectation[] {
  if (!isSeq(node)) return [];
  return node.items.flatMap((item) => parseExpectation(item, context, problems) ?? []);
}

function parseExpectation(
  item: unknown,
  context: CommandContext,
  problems: Problems,
): Expectation | undefined {
  if (isScalar(item) && item.value !== null) {
    const placed = placedText(item, problems.source);
    const match = /^(always|never|eventually|at the end|end)\s*:\s*/.exec(placed.text);
    if (!match) return eventExpectation(placed, context, problems);
    const rest = placed.text.slice(match[0].length);
    const condition = { ...placed, text: rest, offset: placed.offset + match[0].length };
    return conditionExpectation(
      match[1] as keyof typeof conditionTypes,
      condition,
      placed,
      context,
      problems,
    );
  }
  const pair = isMap(item) && item.items.length === 1 ? item.items[0] : undefined;
  if (pair === undefined || !isScalar(pair.key) || !isScalar(pair.value)) {
    problems.at(item, notAnExpectation('this'));
    return undefined;
  }
  const type = String(pair.key.value);
  if (Object.hasOwn(conditionTypes, type)) {
    const whole = placedPair(pair, problems)!;
    const condition = placedText(pair.value, problems.source);
    return conditionExpectation(
      type as keyof typeof conditionTypes,
      condition,
      whole,
      context,
      problems,
    );
  }
  const whole = placedPair(pair, problems);
  if (whole !== undefined && /^((no )?event|throws)\s/.test(whole.text))
    return eventExpectation(whole, context, problems);
  const hint = didYouMean(type, Object.keys(conditionTypes));
  problems.at(pair.key, notAnExpectation(`\`${type}\``, hint));
  return undefined;
}

function notAnExpectation(what: string, hint = expectationHint): Mistake {
  return { code: 'not-an-expectation', message: `${what} is not an expectation`, hint };
}

/** A folded string of several lines as one line, for messages. */
function oneLine(text: string): string {
  if (!text.includes('\n')) return text.trim();
  const lines = text.split('\n').map((line) => line.trim());
  const written = lines.filter((line) => line !== '').join(' ');
  return written.replace(/: [>|][+-]? /, ': ');
}

function conditionExpectation(
  type: keyof typeof conditionTypes,
  placed: Placed,
  whole: Placed,
  context: CommandContext,
  problems: Problems,
): Expectation | undefined {
  const compiled = context.language.condition(placed.text);
  if ('fault' in compiled) {
    problems.fault(placed, compiled.fault);
    return undefined;
  }
  const range = problems.range(whole.offset, whole.end);
  return {
    type: conditionTypes[type],
    text: oneLine(whole.text),
    range,
    condition: compiled.expression,
  };
}

function eventExpectation(
  placed: Placed,
  context: CommandContext,
  problems: Problems,
): Expectation | undefined {
  if (isTooLong(placed, problems)) return undefined;
  const match = /^(no\s+)?event\s+/.exec(placed.text);
  if (/^throws(\s|$)/.test(placed.text)) {
    const parsed = parseThrows(placed.text, context);
    if ('fault' in parsed) problems.fault(placed, parsed.fault);
    if ('fault' in parsed) return undefined;
    const range = problems.range(placed.offset, placed.end);
    return { type: 'throws', text: oneLine(placed.text), range, ...parsed };
  }
  if (/^history(\s|$)/.test(placed.text)) {
    const parsed = parseHistory(placed.text, context.protocol);
    if ('fault' in parsed) problems.fault(placed, parsed.fault);
    if ('fault' in parsed) return undefined;
    const range = problems.range(placed.offset, placed.end);
    return { type: 'history', text: oneLine(placed.text), range, ...parsed };
  }
  if (!match) {
    const word = /^\w*/.exec(placed.text)![0];
    const known = ['event', 'no', 'throws', 'history', ...Object.keys(conditionTypes)];
    const hint = /^no\s+history\b/.test(placed.text)
      ? 'write `history is not MODEL`'
      : (known.includes(word) ? undefined : didYouMean(word, known));
    const mistake = notAnExpectation(word ? `\`${word}\`` : 'this', hint);
    problems.fault(placed, { ...mistake, start: 0, end: word.length });
    return undefined;
  }
  const parsed = parsePattern(placed.text, match[0].length, context);
  if ('fault' in parsed) {
    problems.fault(placed, parsed.fault);
    return undefined;
  }
  const range = problems.range(placed.offset, placed.end);
  return {
    type: match[1] ? 'no event' : 'event',
    text: oneLine(placed.text),
    range,
    event: parsed.event,
  };
}

/** `EVENT [at NODE] [where CONDITION]`, beginning at a position of the string. */
export function parsePattern(
  text: string,
  from: number,
  context: CommandContext,
): { event: EventPattern } | { fault: Fault } {
  const { tokens, unclosed } = tokenize(text, from);
  if (unclosed !== undefined) return { fault: openQuote(unclosed, text.length) };
  const reader = new CommandReader(text, tokens, context);
  const event = reader.readEvent(reader.end);
  if (event !== undefined && reader.readEnd('EVENT at NODE where CONDITION')) return { event };
  return { fault: reader.fault! };
}

/** `breakOn`: events with conditions, and invariants by their names. */
export function parseBreakOn(
  node: unknown,
  context: CommandContext,
  problems: Problems,
): EventPattern[] {
  const items = isSeq(node) ? node.items : isScalar(node) ? [node] : [];
  return items.flatMap((item) => {
    if (isMap(item)) return parseBreakMap(item, context, problems) ?? [];
    if (isScalar(item))
      return parseBreak(placedText(item, problems.source), context, problems) ?? [];
    problems.at(item, notAnEvent);
    return [];
  });
}

const notAnEvent: Mistake = {
  code: 'not-an-event',
  message: 'this is not an event',
  hint: 'write `- EVENT` or `- { event: EVENT, condition: CEL }`',
};

const breakSettings = ['event', 'condition'];

function parseBreakMap(
  item: YAMLMap,
  context: CommandContext,
  problems: Problems,
): EventPattern | undefined {
  for (const { key } of item.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (breakSettings.includes(name)) continue;
    const lacks = 'an item of `breakOn` has no setting';
    problems.at(key, unknownName('unknown-setting', lacks, name, breakSettings));
  }
  const name = item.get('event', true);
  if (!isScalar(name)) {
    const { hint } = notAnEvent;
    problems.at(item, { code: 'missing-setting', message: '`event` is missing', hint });
    return undefined;
  }
  const event = parseBreak(placedText(name, problems.source), context, problems);
  const condition = item.get('condition', true);
  if (event === undefined || condition === undefined) return event;
  const placed = placedText(condition, problems.source);
  const compiled = context.language.condition(placed.text, ['event', 'node', 'message', 'state']);
  if ('expression' in compiled) return { ...event, where: compiled.expression };
  problems.fault(placed, compiled.fault);
  return undefined;
}

function parseBreak(
  placed: Placed,
  context: CommandContext,
  problems: Problems,
): EventPattern | undefined {
  if (Object.hasOwn(context.protocol.invariants, placed.text)) return { name: placed.text };
  const parsed = parsePattern(placed.text, 0, context);
  if ('event' in parsed) return parsed.event;
  problems.fault(placed, parsed.fault);
  return undefined;
}

/** `until`: an event, a condition, or a virtual time. */
export function parseUntil(
  text: string,
  context: CommandContext,
): { until: Until } | { fault: Fault } {
  const time = parseSpan(text.trim());
  if (time !== undefined) return { until: { type: 'time', time, text } };
  const { tokens, unclosed } = tokenize(text);
  if (unclosed !== undefined) return { fault: openQuote(unclosed, text.length) };
  const reader = new CommandReader(text, tokens, context);
  const goal = readGoal(reader, reader.end);
  if (goal?.type === 'event') return { until: { type: 'event', event: goal.event, text } };
  if (goal?.type === 'condition')
    return { until: { type: 'condition', condition: goal.condition, text } };
  const message = 'expected an event, a condition or a time, such as `10s`';
  return { fault: reader.fault ?? { code: 'expected-goal', message, start: 0, end: text.length } };
}
