/** Names of a protocol's own code in expressions, also those that CEL keeps for itself. */
import { Environment } from '@marcbachmann/cel-js';

const known = new Map<string, string>();

/**
 * The name under which an expression knows a local: its own, but where CEL cannot have that (`type`
 * and `list` are its types, `as` a word of it, `größe` no name), another of the same length, so
 * that places in the text stay.
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

const texts = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/u;
const names = /(?<![.\p{ID_Continue}$])[\p{ID_Start}$_][\p{ID_Continue}$]*/u;
/** Texts; and names, where they name no function. */
const tokens = new RegExp(`${texts.source}|${names.source}(?![\\p{ID_Continue}$]|\\s*\\()`, 'gu');

/** The text as CEL can read it, where the words are locals. */
export function withFreeNames(text: string, locals: readonly string[]): string {
  const taken = locals.filter((word) => nameInExpressions(word) !== word);
  if (taken.length === 0) return text;
  const free = (token: string) => (taken.includes(token) ? nameInExpressions(token) : token);
  return text.replace(tokens, free);
}
