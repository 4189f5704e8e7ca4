/** Commands as they are typed into redis-cli, and those that take and release locks. */
import type { Micros, NodeId } from '../../protocol/types.ts';

/**
 * The words of a command, as sdssplitargs of Redis finds them: separated by spaces, which quotes
 * may contain. In double quotes, `\n` is a line feed and `\x41` a character; in single quotes, only
 * `\'` is special. Undefined if a quote is not closed, or if something follows a closing quote.
 */
export function wordsOf(command: string): string[] | undefined {
  const word = /(?:[^\s"']|"(?:\\[\s\S]|[^"\\])*"(?!\S)|'(?:\\'|[^'\\]|\\(?!'))*'(?!\S))+/y;
  const words: string[] = [];
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(command.slice(at))![0].length;
    if (at === command.length) return words;
    word.lastIndex = at;
    const [text] = word.exec(command) ?? [''];
    at += text.length;
    const isOver = at === command.length || /\s/.test(command[at]);
    if (text === '' || !isOver) return undefined;
    words.push(unquoted(text));
  }
}

/** Quotes may begin inside of a word. */
function unquoted(word: string): string {
  const part = /^([^"']*)(?:"([\s\S]*)"|'([\s\S]*)')?$/.exec(word)!;
  const [, plain, double, single] = part;
  if (double !== undefined) return plain + unescaped(double);
  return plain + (single ?? '').replaceAll("\\'", "'");
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07',
};

function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-fA-F]{2})|([\s\S]))/g, (_all, code?: string, one?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return Object.hasOwn(escapes, one!) ? escapes[one!] : one!;
  });
}

/** The command that has these words. */
export function commandOf(words: readonly string[]): string {
  return words.map(quotedWord).join(' ');
}

function quotedWord(word: string): string {
  if (/^[^\s"'\\]+$/.test(word)) return word;
  const inner = word.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${inner}"`;
}

// How locks are taken, and the scripts that act only on a key with the holder's own value

const compareAndDelete =
  'if redis.call("get",KEYS[1]) == ARGV[1] then return redis.call("del",KEYS[1]) else return 0 end';
const compareAndExpire =
  'if redis.call("get",KEYS[1]) == ARGV[1] then ' +
  'return redis.call("pexpire",KEYS[1],ARGV[2]) else return 0 end';

/** A random value for a key, by which its holder recognizes the lock as its own. */
export function newGrant(node: { readonly id: NodeId; random(below: number): number }): string {
  return `${node.id}:${node.random(0x10000).toString(16).padStart(4, '0')}`;
}

export function takeCommand(key: string, grant: string, ttl: Micros): string {
  return `SET ${key} ${grant} NX PX ${inMilliseconds(ttl)}`;
}

export function releaseCommand(key: string, grant: string): string {
  return `EVAL '${compareAndDelete}' 1 ${key} ${grant}`;
}

export function extendCommand(key: string, grant: string, ttl: Micros): string {
  return `EVAL '${compareAndExpire}' 1 ${key} ${grant} ${inMilliseconds(ttl)}`;
}

/** Rounded: only the options of a role can have parts of a millisecond, and at least one whole. */
export function inMilliseconds(duration: Micros): number {
  return Math.max(1, Math.round(duration / 1000));
}

/** Why a time to live is refused: PX takes whole milliseconds, from 1 on. */
export function ttlFault({ ttl }: { readonly ttl?: Micros }): string | undefined {
  if (ttl === undefined || (ttl >= 1000 && ttl % 1000 === 0)) return undefined;
  return `ttl cannot be ${ttl / 1000}ms: Redis takes whole milliseconds, from 1ms on`;
}
