/** Habits from JavaScript, Python or SQL in an expression, and what CEL has instead. */
import type { Fault, ProblemCode } from '../problem.ts';

/** Found only where an expression has a fault: some are valid in other places. */
interface Slip {
  readonly pattern: RegExp;
  readonly code?: ProblemCode;
  /** By default, the message says that the text is not part of CEL. */
  readonly message?: (match: RegExpExecArray) => string;
  readonly hint: string | ((match: RegExpExecArray) => string);
}

const strings = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;

/** The macro that a method of arrays in JavaScript corresponds to. */
const macros: Readonly<Record<string, string>> = {
  some: 'exists',
  any: 'exists',
  every: 'all',
  forEach: 'all',
  find: 'filter',
};

/** `nodes.exists(n, n.up)`, with the names that the writer chose. */
function macro(method: string, variable = 'n', body = `${variable}.up`): string {
  return `\`.${macros[method] ?? method}(${variable}, ${body})\``;
}

export const inList = 'write `x in list`; for a part of a string, `text.contains(part)`';
export const sizeOf = 'write `x.size()`';
const oneExpression = 'write one expression that is true or false';

const slips: readonly Slip[] = [
  {
    // Before `=`: `nodes.some(n => n.up)`, `nodes.all((n) => { … })`.
    pattern: /\.(\w+)\s*\(\s*\(?\s*(\w+)\s*\)?\s*=>\s*([^()]*)/g,
    message: () => 'there are no functions with `=>` in an expression',
    hint: ([, method, variable, body]) => `write ${macro(method, variable, body.trim() || 'true')}`,
  },
  {
    pattern: new RegExp(`\\.(${Object.keys(macros).join('|')})\\s*\\(`, 'g'),
    code: 'cel-unknown-function',
    message: ([, method]) => `there is no function \`${method}\``,
    hint: ([, method]) =>
      `write ${macro(method)}${method === 'find' ? ', whose first item is `[0]`' : ''}`,
  },
  {
    pattern: /\.(all|exists|exists_one|filter|map)\s*\(\s*(\w+)((?:\.\w+)*)\s*\)/g,
    message: ([, method]) => `\`${method}\` needs a name for each item, and an expression`,
    hint: ([, method, variable, body]) => `write ${macro(method, variable, `${variable}${body}`)}`,
  },
  {
    pattern: /(?<![.\w])(all|exists|filter|map|any|some)\s*\(/g,
    code: 'cel-unknown-function',
    message: ([, method]) => `\`${method}\` must be called on a list`,
    hint: ([, method]) => `write \`nodes${macro(method).slice(1)}`,
  },
  { pattern: /===/g, hint: 'write `==`' },
  { pattern: /!==/g, hint: 'write `!=`' },
  { pattern: /<>/g, hint: 'write `!=`' },
  { pattern: /=>/g, hint: 'write `>=`, or `!a || b` for an implication' },
  { pattern: /->|\bimplies\b/g, hint: 'write `!a || b`' },
  { pattern: /=</g, hint: 'write `<=`' },
  { pattern: /\+\+|--|[-+*/]=(?!=)/g, hint: 'an expression cannot change a value' },
  {
    pattern: /(?<![=!<>])=(?!=)/g,
    message: () => 'unexpected `=`',
    hint: 'compare with `==`',
  },
  { pattern: /(?<!&)&(?!&)/g, hint: 'write `&&`' },
  { pattern: /(?<!\|)\|(?!\|)/g, hint: 'write `||`' },
  { pattern: /\*\*/g, hint: 'write the product' },
  { pattern: /\?\?/g, hint: 'write `x != null ? x : y`' },
  { pattern: /\?\./g, hint: 'write `.`, and use `has(x.field)` to test whether a field exists' },
  {
    pattern: /`/g,
    message: () => 'unexpected backtick',
    hint: 'write strings in quotes, joined by `+`',
  },
  { pattern: /(?<![.\w])and(?!\w)/g, hint: 'write `&&`' },
  { pattern: /(?<![.\w])or(?!\w)/g, hint: 'write `||`' },
  { pattern: /(?<![.\w])not(?!\w)/g, hint: 'write `!`' },
  {
    pattern: /(?<![.\w])history\s+(?:of\s+\w+\s+)?is(?!\w)/g,
    message: () => 'a condition cannot check a history',
    hint: 'write `- history is MODEL` under `expect`, for the whole run',
  },
  { pattern: /(?<=[\w)\]]\s+)is\s+not(?!\w)/g, hint: 'write `!=`' },
  { pattern: /(?<=[\w)\]]\s+)is(?!\w)/g, hint: 'write `==`' },
  { pattern: /(?<![.\w])typeof(?!\w)/g, hint: 'write `type(x)`' },
  {
    pattern: /(?<![.\w])(?:const|let|var|if|for|return|function|lambda|forall)(?=\s*\(|\s+\w)/g,
    message: ([word]) => `unexpected \`${word}\``,
    hint: `${oneExpression}, such as \`a ? b : c\` or ${macro('all').replace('`.', '`nodes.')}`,
  },
  { pattern: /(?<![.\w])the\s+(\w+)/g, hint: ([, standing]) => standingHint(standing) },
  {
    pattern: /(?<![\w.])(\d+(?:\.\d+)?)(ms|us|µs|s|m|min|h)(?!\w)/g,
    message: ([text]) => `\`${text}\` is not a number`,
    hint: ([, number, unit]) => {
      const seconds = (Number(number) * secondsIn[unit]).toPrecision(12);
      return `\`time\` is in seconds: write \`${Number(seconds)}\``;
    },
  },
  {
    pattern: /(?<![.\w])(undefined|None|nil|NULL|Null|nullptr)(?!\w)/g,
    code: 'cel-unknown-name',
    message: ([word]) => `there is no name \`${word}\``,
    hint: 'write `null`',
  },
  {
    pattern: /(?<![.\w])(True|False|TRUE|FALSE)(?!\w)/g,
    code: 'cel-unknown-name',
    message: ([word]) => `there is no name \`${word}\``,
    hint: ([word]) => `write \`${word.toLowerCase()}\``,
  },
  {
    pattern: /(?<![.\w])(?:Math|Object|Array|JSON|Number|String|Boolean)(?=[.(])/g,
    code: 'cel-unknown-name',
    message: ([word]) => `there is no name \`${word}\``,
    hint: 'an expression has operators, `size`, `has`, `int`, `double`, `string`, `type`',
  },
  ...callSlips([
    ['includes|indexOf|has|contains_key|containsKey|hasOwnProperty|hasOwn|in', inList],
    ['length|count|len', sizeOf],
    ['at|last|first|get|head', 'write `list[0]`, or `list[list.size() - 1]` for the last item'],
    ['startswith|starts_with|hasPrefix', 'write `startsWith`'],
    ['endswith|ends_with|hasSuffix', 'write `endsWith`'],
    ['match|test|search', 'write `text.matches(pattern)`'],
    ['toUpperCase|upper', 'write `upperAscii`'],
    ['toLowerCase|lower', 'write `lowerAscii`'],
    ['slice|substr', 'write `text.substring(from, to)`'],
    ['toString', 'write `string(x)`'],
    ['reduce|sum|max|min|sort|keys|values|entries', `compare items with ${macro('all')}`],
  ]),
  {
    pattern: /(?<![.\w])(?:len|length|count)\s*\(/g,
    code: 'cel-unknown-function',
    message: ([call]) => `there is no function \`${call.replace(/\s*\($/, '')}\``,
    hint: sizeOf,
  },
  {
    pattern: /(?<![.\w])(parseInt|parseFloat|str|float|Int|bool_)\s*\(/g,
    code: 'cel-unknown-function',
    message: ([, name]) => `there is no function \`${name}\``,
    hint: 'write `int(x)`, `double(x)` or `string(x)`',
  },
  {
    pattern: /(?<=\)|\bnodes)\.(length|count|size|len)(?!\w|\s*\()/g,
    code: 'cel-unknown-field',
    message: ([, field]) => `a list has no field \`${field}\``,
    hint: sizeOf,
  },
];

/** Methods that do not exist, each list of names with what to write instead. */
function callSlips(all: readonly (readonly [names: string, hint: string])[]): Slip[] {
  return all.map(([names, hint]) => ({
    pattern: new RegExp(`\\.(${names})\\s*\\(`, 'g'),
    code: 'cel-unknown-function',
    message: ([, name]) => `there is no function \`${name}\``,
    hint,
  }));
}

function standingHint(standing: string): string {
  return `write \`nodes.exists(n, n.standing == "${standing}")\``;
}

const secondsIn: Readonly<Record<string, number>> = {
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
};

/** The first slip in an expression that has a fault; not in strings or calls of `functions`. */
export function slipIn(text: string, functions: readonly string[] = []): Fault | undefined {
  const code = text.replace(strings, (string) => ' '.repeat(string.length));
  let first: { slip: Slip; match: RegExpExecArray } | undefined;
  for (const slip of slips) {
    const match = [...code.matchAll(slip.pattern)].find(([found]) => !isCallOf(functions, found));
    if (match && (first === undefined || match.index < first.match.index)) first = { slip, match };
  }
  return first && faultOf(first.slip, first.match);
}

function isCallOf(functions: readonly string[], text: string): boolean {
  return functions.includes(/^(\w+)\s*\($/.exec(text)?.[1] ?? '');
}

function faultOf({ code = 'cel-syntax', message, hint }: Slip, match: RegExpExecArray): Fault {
  const words = message?.(match) ?? `unexpected \`${match[0].trim()}\``;
  // A method begins after its dot, and ends before its bracket.
  const dot = match[0].startsWith('.') ? 1 : 0;
  const start = match.index + dot;
  const end = match.index + match[0].replace(/\s*\([^]*$/, '').length;
  return {
    code,
    message: words,
    start,
    end: Math.max(end, start + 1),
    hint: typeof hint === 'string' ? hint : hint(match),
  };
}

