/** What the expression library complains of, in words that say what to do. */
import type { Fault } from '../problem.ts';
import { didYouMean } from '../suggest.ts';

/** Why an expression has no value now: a field that is not there, a type that does not fit. */
export interface EvaluationFailure {
  readonly ok: false;
  readonly why: string;
}

interface LibraryError {
  code?: string;
  summary?: string;
  message?: string;
  range?: { start: number; end: number };
}

/** A fault in an expression's text. */
export function expressionFault(text: string, error: unknown, known: readonly string[]): Fault {
  const { code = '', summary, message = String(error), range } = error as LibraryError;
  const start = Math.min(Math.max(range?.start ?? 0, 0), text.length);
  const end = Math.min(Math.max(range?.end ?? text.length, start), text.length);
  const said = summary ?? message;
  const unknown = /^Unknown variable: (.*)$/.exec(said);
  if (unknown) {
    const name = unknown[1];
    return {
      message: `\`${name}\` is not known here: known are ${known.join(', ')}`,
      start,
      end,
      hint: (Object.hasOwn(meantOperator, name) && meantOperator[name]) || didYouMean(name, known),
    };
  }
  const part = text.slice(start, end);
  return {
    message: syntaxWords(text, code, said, part),
    start,
    end,
    hint: hintAt(text, start, said),
  };
}

function syntaxWords(text: string, code: string, said: string, part: string): string {
  if (text.trim() === '') return 'an expression is expected here';
  const expected = tokenWords[/Expected (\w+)/.exec(said)?.[1] ?? ''];
  if (/EOF/.test(said)) {
    const isSign = expected?.startsWith('`');
    return isSign ? `the expression ends before ${expected}` : 'the expression ends too early';
  }
  if (code === 'no_such_overload') return overloadWords(said);
  if (code === 'expected_token' && expected) return `${expected} is expected here, not \`${part}\``;
  if (code.startsWith('unexpected_') && part !== '') return `\`${part}\` is not expected here`;
  for (const [pattern, words] of ownWords) {
    const match = pattern.exec(said);
    if (match) return words(match);
  }
  return `not an expression: ${lowerFirst(said)}`;
}

/** What the library calls by names of its own. */
const tokenWords: Record<string, string> = {
  RBRACKET: '`]`',
  RPAREN: '`)`',
  RBRACE: '`}`',
  COLON: '`:`',
  COMMA: '`,`',
  LPAREN: '`(`',
  IDENTIFIER: 'a name',
};

const ownWords: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/^Unterminated/, () => 'this text is not closed'],
  [/^Reserved identifier: (.*)/, ([, word]) => `\`${word}\` is a word of the language, no name`],
  [/^Exceeded/, () => 'the expression is too long or too deep'],
  [/no matching overload for '(.*)'/, ([, call]) => `there is no \`${plainTypes(call)}\``],
  [
    /requires bool operands, got '(.*)'/,
    ([, type]) => `\`&&\` and \`||\` join what is true or false, not a ${plainTypes(type)}`,
  ],
  [
    /^(\w+)\(var, .*invalid/,
    ([, name]) => `\`${name}\` begins with a name: \`nodes.${name}(n, n.up)\``,
  ],
  [/^has\(\) invalid/, () => '`has` asks for a field: `has(n1.state.log)`'],
];

const meantOperator: Record<string, string> = {
  and: 'write `&&`',
  or: 'write `||`',
  not: 'write `!`',
  True: 'write `true`',
  False: 'write `false`',
};

function hintAt(text: string, at: number, said: string): string | undefined {
  // Braces twice around a name, as other languages have them in a text.
  if (/Expected COLON/.test(said) && text.trimStart().startsWith('{')) {
    return 'leave the braces out: they make a map, such as `{"a": 1}`';
  }
  const rest = text.slice(Math.max(0, at - 2));
  if (/(^|[^=!<>])=($|[^=])/.test(rest.slice(0, 4))) return 'compare with `==`';
  if (/\band\b/.test(rest.slice(0, 8))) return meantOperator.and;
  if (/\bor\b/.test(rest.slice(0, 6))) return meantOperator.or;
  if (/\bnot\b/.test(rest.slice(0, 7))) return meantOperator.not;
  return undefined;
}

/** Why an expression has no value: one sentence. */
export function evaluationFailure(text: string, error: unknown): EvaluationFailure {
  const { code = '', summary, message = String(error), range } = error as LibraryError;
  const part = range ? text.slice(range.start, range.end) : text;
  const said = summary ?? message;
  return { ok: false, why: `\`${text}\`: ${failureWords(code, said, part)}` };
}

function failureWords(code: string, said: string, part: string): string {
  switch (code) {
    case 'no_such_key':
      return `there is no field \`${said.replace('No such key: ', '')}\``;
    case 'unknown_variable':
      return `there is no ${said.replace('Unknown variable: ', '')} here`;
    case 'index_out_of_bounds':
      return `the list has no such element: ${said.replace(/^.*bounds, /, '')}`;
    case 'no_such_overload':
      return overloadWords(said);
    case 'division_by_zero':
    case 'modulo_by_zero':
      return 'a division by zero';
    default:
      return `${lowerFirst(said)}${part === '' ? '' : ` in \`${part}\``}`;
  }
}

/** `no such overload: dyn<null> + int` → `null + number cannot be computed`. */
function overloadWords(said: string): string {
  return `${plainTypes(said.replace(/^no such overload: /, ''))} cannot be computed`;
}

function plainTypes(said: string): string {
  return said
    .replace(/dyn<(\w+)>/g, '$1')
    .replace(/\b(double|int|uint)\b/g, 'number')
    .replace(/\bstring\b/g, 'text')
    .replace(/(list|map)<[^ ]*>/g, '$1');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
