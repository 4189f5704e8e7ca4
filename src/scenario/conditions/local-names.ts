/** Names of protocol code in expressions, including those that CEL reserves. */
import { Environment } from '@marcbachmann/cel-js';

const known = new Map<string, string>();

/**
 * The name of a local variable inside an expression. CEL reserves some names (`type`, `list`, `as`)
 * and knows only ASCII letters (not `größe`); those get another name of the same length, so that
 * positions in the expression do not move.
 */
export function nameInExpressions(word: string): string {
  let name = known.get(word);
  if (name === undefined) {
    name = isFree(word) ? word : `_${word.slice(1).replace(/[^A-Za-z0-9_]/g, '_')}`;
    known.set(word, name);
  }
  return name;
}

function isFree(word: string): boolean {
  if (!/^[A-Za-z_]\w*$/.test(word)) return false;
  try {
    new Environment().registerVariable(word, 'dyn');
    return true;
  } catch {
    return false;
  }
}

const strings = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/u;
const names = /(?<![.\p{ID_Continue}$])[\p{ID_Start}$_][\p{ID_Continue}$]*/u;
/** Strings, which are left alone, and names that are not called as a function. */
const tokens = new RegExp(`${strings.source}|${names.source}(?![\\p{ID_Continue}$]|\\s*\\()`, 'gu');

/** The expression as CEL can read it, with the names that `nameInExpressions` gives the locals. */
export function withFreeNames(text: string, locals: readonly string[]): string {
  const renamed = locals.filter((word) => nameInExpressions(word) !== word);
  if (renamed.length === 0) return text;
  const rename = (token: string) => (renamed.includes(token) ? nameInExpressions(token) : token);
  return text.replace(tokens, rename);
}
