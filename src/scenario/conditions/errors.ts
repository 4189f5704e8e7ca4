/** Errors of the expression library as faults and failures with a code and words of our own. */
import type { Fault, Mistake, ProblemCode } from '../problem.ts';
import { nearestWord, unknownName } from '../suggest.ts';
import { inList, sizeOf, slipIn } from './slips.ts';

// The library gives its errors codes, but their details only in English. This module is the one
// place that reads them, so a change of its wording costs a detail here and nothing elsewhere.

/** Why an expression has no value at a moment. Plain data: monitors keep it in the world. */
export interface EvaluationFailure {
  readonly ok: false;
  readonly code:
    | 'no-such-field'
    | 'no-such-name'
    | 'no-such-element'
    | 'wrong-type'
    | 'division-by-zero'
    | 'not-boolean'
    | 'too-many-steps'
    | 'too-large'
    | 'bad-pattern'
    | 'other';
  /** A sentence that begins with the expression. */
  readonly why: string;
}

/** An error that our own operators and functions throw during an evaluation. */
export class EvaluationMistake extends Error {
  constructor(
    readonly own: EvaluationFailure['code'],
    words: string,
  ) {
    super(words);
  }
}

interface LibraryError {
  code?: string;
  summary?: string;
  message?: string;
  range?: { start: number; end: number };
  /** The part of the expression that has no value, as the library's syntax tree has it. */
  node?: { readonly op?: string; readonly args?: unknown };
}

/** The fault in an expression that does not compile, and that has these functions besides CEL's. */
export function expressionFault(
  text: string,
  error: unknown,
  known: readonly string[],
  functions: readonly string[] = [],
): Fault {
  const { code = '', summary, message = String(error), range } = error as LibraryError;
  const start = Math.min(Math.max(range?.start ?? 0, 0), text.length);
  const end = Math.min(Math.max(range?.end ?? text.length, start), text.length);
  const detail = summary ?? message;
  const isClosed = !detail.startsWith('Unterminated');
  const slip = isClosed ? slipIn(text, functions) : undefined;
  if (slip !== undefined) return slip;
  const unknown = /^Unknown variable: (.*)$/.exec(detail);
  if (unknown) return { ...unknownVariable(text.slice(0, start), unknown[1], known), start, end };
  const mistake = mistakeOf(text, code, detail, text.slice(start, end));
  const hint = hintFor(text, detail);
  return hint === undefined ? { ...mistake, start, end } : { ...mistake, start, end, hint };
}

function unknownVariable(before: string, name: string, known: readonly string[]): Mistake {
  const mistake = unknownName('cel-unknown-name', 'there is no name', name, known);
  const isCompared = /[!=]=\s*$/.test(before) && nearestWord(name, known) === undefined;
  return isCompared ? { ...mistake, hint: `write a string in quotes: \`"${name}"\`` } : mistake;
}

function mistakeOf(text: string, code: string, detail: string, part: string): Mistake {
  const syntax = (message: string): Mistake => ({ code: 'cel-syntax', message });
  if (text.trim() === '') return { code: 'cel-missing', message: 'expected an expression' };
  const expected = tokenWords[/Expected (\w+)/.exec(detail)?.[1] ?? ''];
  if (/EOF/.test(detail)) {
    const isSign = expected?.startsWith('`');
    return syntax(`the expression ${isSign ? `ends before ${expected}` : 'is incomplete'}`);
  }
  if (code === 'no_such_overload') {
    const isChain = /bool [<>]=? /.test(detail);
    const hint = isChain ? { hint: 'write `a < b && b < c`' } : {};
    return { code: 'cel-wrong-type', message: overloadWords(detail), ...hint };
  }
  if (code === 'expected_token' && expected) return syntax(`expected ${expected}, not \`${part}\``);
  if (code.startsWith('unexpected_') && part !== '') return syntax(`unexpected \`${part}\``);
  for (const [pattern, own, words] of ownWords) {
    const match = pattern.exec(detail);
    if (match) return { code: own, message: words(match) };
  }
  return syntax(`not a valid expression: ${lowerFirst(detail)}`);
}

/** The library's names for tokens. */
const tokenWords: Record<string, string> = {
  RBRACKET: '`]`',
  RPAREN: '`)`',
  RBRACE: '`}`',
  COLON: '`:`',
  COMMA: '`,`',
  LPAREN: '`(`',
  IDENTIFIER: 'a name',
};

export const tooDeep = 'the expression is too long or nested too deeply';

const ownWords: readonly (readonly [
  pattern: RegExp,
  code: ProblemCode,
  words: (match: RegExpExecArray) => string,
])[] = [
  [/^Unterminated/, 'cel-syntax', () => 'this string is not closed'],
  [
    /^Reserved identifier: (.*)/,
    'cel-syntax',
    ([, word]) => `\`${word}\` is a reserved word of expressions`,
  ],
  [/^Exceeded|call stack/, 'cel-too-long', () => tooDeep],
  [
    /no matching overload for '(.*)'/,
    'cel-unknown-function',
    ([, call]) => `there is no function \`${plainTypes(call)}\``,
  ],
  [
    /requires bool operands, got '(.*)'/,
    'cel-wrong-type',
    ([, type]) => `\`&&\` and \`||\` need booleans, not a ${plainTypes(type)}`,
  ],
  [
    /condition must be bool, got '(.*)'/,
    'cel-wrong-type',
    ([, type]) => `the condition before \`?\` must be a boolean, not a ${plainTypes(type)}`,
  ],
  [
    /^(\w+)\(var, .*invalid/,
    'cel-syntax',
    ([, name]) =>
      `the first argument of \`${name}\` must be a name, as in \`nodes.${name}(n, n.up)\``,
  ],
  [
    /^has\(\) invalid/,
    'cel-syntax',
    () => 'the argument of `has` must be a field, as in `has(n1.state.log)`',
  ],
];

function hintFor(text: string, detail: string): string | undefined {
  if (/'list\S*\.contains\(/.test(detail)) return inList;
  // Braces around a name, as some template languages have them.
  if (/Expected COLON/.test(detail) && text.trimStart().startsWith('{')) {
    return 'remove the braces: they make a map, such as `{"a": 1}`';
  }
  return undefined;
}

/** Why an expression has no value: one sentence. */
export function evaluationFailure(text: string, error: unknown): EvaluationFailure {
  if (error instanceof EvaluationMistake) {
    return { ok: false, code: error.own, why: `\`${text}\`: ${error.message}` };
  }
  const { code = '', summary, message = String(error), range, node } = error as LibraryError;
  const part = range ? text.slice(range.start, range.end) : text;
  const [own, words] = failureWords(code, summary ?? message, part, ownerIn(text, node));
  return { ok: false, code: own, why: `\`${text}\`: ${words}` };
}

/** What a field is read of: `n1.state.kv` of `n1.state.kv.x`; undefined if it is not known. */
function ownerIn(text: string, node: LibraryError['node']): string | undefined {
  if ((node?.op !== '.' && node?.op !== '[]') || !Array.isArray(node.args)) return undefined;
  const [owner] = node.args as readonly { readonly range?: { start: number; end: number } }[];
  const part = owner?.range && text.slice(owner.range.start, owner.range.end).trim();
  return part === '' ? undefined : part;
}

/** A value in a message is cut off here, because a message should fit on a line. */
const shownMax = 200;

export function notBoolean(text: string, found: string): EvaluationFailure {
  const shown = found.length > shownMax ? `${found.slice(0, shownMax)}…` : found;
  return { ok: false, code: 'not-boolean', why: `\`${text}\` is ${shown}, not true or false` };
}

export const dividedByZero = 'division by zero';

function failureWords(
  code: string,
  detail: string,
  part: string,
  owner: string | undefined,
): [code: EvaluationFailure['code'], words: string] {
  switch (code) {
    case 'no_such_key':
      return ['no-such-field', missingFieldWords(detail.replace('No such key: ', ''), owner)];
    case 'unknown_variable':
      return ['no-such-name', `there is no \`${detail.replace('Unknown variable: ', '')}\` here`];
    case 'index_out_of_bounds':
      return ['no-such-element', elementWords(detail)];
    case 'no_such_overload':
      return ['wrong-type', overloadWords(detail)];
    case 'division_by_zero':
    case 'modulo_by_zero':
      return ['division-by-zero', dividedByZero];
    default:
      // The operators that mix numbers throw without a code of the library.
      if (/call stack/.test(detail)) return ['too-large', tooDeep];
      if (detail === dividedByZero) return ['division-by-zero', dividedByZero];
      return ['other', `${lowerFirst(detail)}${part === '' ? '' : ` in \`${part}\``}`];
  }
}

function missingFieldWords(field: string, owner: string | undefined): string {
  const isSize = /^(length|size|count)$/.test(field);
  const of = owner === undefined ? '' : ` in \`${owner}\``;
  return `there is no field \`${field}\`${of}${isSize ? `: ${sizeOf}` : ''}`;
}

/** `index 7 >= size 1` as `there is no element 7: the size of the list is 1`. */
function elementWords(detail: string): string {
  const [, index = '', size] = /index (-?[\d.]+)(?: >= size (\d+))?/.exec(detail) ?? [];
  const last = 'indexes begin at 0, and the last element is `list[list.size() - 1]`';
  const bound = size === undefined ? last : `the size of the list is ${size}`;
  return `there is no element ${index}: ${bound}`;
}

/** `no such overload: dyn<null> + int` as `cannot compute null + number`. */
function overloadWords(detail: string): string {
  return `cannot compute ${plainTypes(detail.replace(/^no such overload: /, ''))}`;
}

function plainTypes(detail: string): string {
  return detail
    .replace(/dyn<(\w+)>/g, '$1')
    .replace(/\b(double|int|uint)\b/g, 'number')
    .replace(/\bdyn\b/g, 'any')
    .replace(/(list|map)<(?:[^<>]|<[^<>]*>)*>/g, '$1');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
