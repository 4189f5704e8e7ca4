/** Text that must never reach a user: internal errors, stack traces, values printed by accident. */

const faults: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['an internal error', /fault of lockstep itself|internal error/i],
  ['the text of a JavaScript error', /Cannot (read|set|convert|destructure|mix)|is not a function/],
  ['the text of a JavaScript error', /(is|are) not iterable|Maximum call stack|Invalid array len/],
  ['the text of a JavaScript error', /\b(Type|Range|Syntax|Reference)Error\b|in JSON at position/],
  ['the text of a JavaScript error', /Cannot access '|is not a constructor|Invalid count value/],
  ['a stack trace', /\n\s+at .+:\d+:\d+/],
  ['`[object …]`', /\[object \w+\]/],
  ['`undefined`', /\bundefined\b/],
  ['`NaN`', /\bNaN\b/],
];

/** What is wrong with a text that a user reads; text that the user gave may be repeated. */
export function wordingFault(text: string, given = ''): string | undefined {
  for (const [name, pattern] of faults) {
    if (!pattern.test(text)) continue;
    const found = pattern.exec(text)![0];
    if (given.includes(found)) continue;
    return name;
  }
  return undefined;
}

/** All strings inside a value, with the path that leads to each. */
export function* stringsIn(value: unknown, path = ''): Generator<[string, string]> {
  if (typeof value === 'string') yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const name = Array.isArray(value) ? '[]' : `.${key}`;
    yield* stringsIn(part, `${path}${name}`);
  }
}

/** A message without its numbers, names and quotes: the same for every instance of a fault. */
export function signatureOf(message: string): string {
  return message
    .replace(/`[^`]*`|"[^"]*"|'[^']*'/g, '…')
    .replace(/-?\d[\d.e+]*/g, '#')
    .replace(/\s+/g, ' ')
    .slice(0, 160);
}
