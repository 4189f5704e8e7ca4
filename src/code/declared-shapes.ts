/** The fields that the types in a protocol's source declare, as far as its text shows them. */
import type { Code } from './code.ts';
import { namesIn } from './names-in-code.ts';

/** Types without fields, and the words around types. */
const plainTypes = new Set(
  (
    'string number boolean null undefined void never true false readonly keyof typeof ' +
    'extends NodeId OperationId Micros Range Readonly ReadonlyArray Array Frozen Partial Required'
  ).split(' '),
);

/**
 * The names in the types of all these messages or events; undefined if the source does not declare
 * the type of one of them, or if a type may have any fields.
 */
export function declaredShape(
  code: Code,
  kinds: readonly string[],
): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const kind of kinds) {
    const types = declarationsOf(code, kind);
    if (types.length === 0 || !types.every((type) => addNames(code, type, names))) return undefined;
  }
  return names;
}

/** Whether each type that the source declares for fields of this name has no fields of its own. */
export function isDeclaredScalar(code: Code, name: string): boolean {
  const types = declarationsOf(code, name);
  return types.length > 0 && types.every((type) => isScalar(code, type, new Set()));
}

function isScalar(code: Code, type: string, visited: Set<string>): boolean {
  if (/[{[<(]/.test(type)) return false;
  return wordsOf(type).every((word) => {
    if (plainTypes.has(word)) return !/^(Range|ReadonlyArray|Array)$/.test(word);
    const found = visited.has(word) ? [] : typesNamed(code, word);
    visited.add(word);
    return found.length > 0 && found.every((one) => isScalar(code, one, visited));
  });
}

/** Adds the names in a type and in the types that it names; false if it may have other fields. */
function addNames(code: Code, type: string, names: Set<string>): boolean {
  if (/\[\s*\w+\s*:/.test(type)) return false;
  return wordsOf(type).every((word) => {
    if (names.has(word) || plainTypes.has(word)) return true;
    names.add(word);
    if (/^(any|unknown|object|Json|Record|Omit|Pick|infer|in|T)$/.test(word)) return false;
    const found = typesNamed(code, word);
    // A name with a capital that is not a type here is one that another file declares.
    if (found.length === 0) return !/^[A-Z]/.test(word) || isKey(type, word);
    return found.every((one) => addNames(code, one, names));
  });
}

function isKey(type: string, word: string): boolean {
  return new RegExp(`\\b${word}\\??\\s*:`).test(type);
}

/** The words of a type, without those of its strings and comments. */
function wordsOf(type: string): string[] {
  const plain = type.replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*|'[^'\n]*'|"[^"\n]*"/g, ' ');
  return plain.match(/[A-Za-z_$][\w$]*/g) ?? [];
}

/** The types after `name:` in the types of a source. */
function declarationsOf(code: Code, name: string): string[] {
  return inTypes(code, name, new RegExp(`(?<![\\w$])${escaped(name)}\\??\\s*:`, 'g'));
}

/** What `interface Name` and `type Name =` declare. */
function typesNamed(code: Code, name: string): string[] {
  const word = `(?:interface\\s+${escaped(name)}|type\\s+${escaped(name)}\\s*=)(?![\\w$])`;
  return inTypes(code, name, new RegExp(`\\b${word}`, 'g'));
}

function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}

function inTypes(code: Code, name: string, opening: RegExp): string[] {
  const { typeLines } = namesIn(code);
  return [...code.files].flatMap(([file, source]) =>
    [...source.matchAll(opening)]
      .filter(({ index }) => {
        const line = source.slice(0, index).split('\n').length - 1;
        return typeLines.get(file)?.[line]?.has(name) ?? false;
      })
      .map(({ 0: text, index }) => typeAt(source, index + text.length)),
  );
}

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')', '<': '>' };

/** The type that begins at a position, up to where it ends. */
function typeAt(source: string, start: number): string {
  const open: string[] = [];
  for (let at = start; at < source.length; at++) {
    const one = source[at];
    if (one in closing) open.push(closing[one]);
    else if (one === open.at(-1)) {
      open.pop();
      // The body of an interface ends its declaration.
      if (open.length === 0 && one === '}' && !/^\s*[|&[]/.test(source.slice(at + 1))) {
        return source.slice(start, at + 1);
      }
    } else if (open.length === 0 && /[;,)\]}>]/.test(one)) return source.slice(start, at);
    else if (open.length === 0 && one === '\n' && isEnd(source, start, at)) {
      return source.slice(start, at);
    }
  }
  return source.slice(start);
}

/** Whether a type ends with a line: it has begun, and the next line does not continue it. */
function isEnd(source: string, start: number, at: number): boolean {
  const [type, rest] = [source.slice(start, at), source.slice(at)];
  return type.trim() !== '' && !/[|&]\s*$/.test(type) && !/^\s*[|&]/.test(rest);
}
