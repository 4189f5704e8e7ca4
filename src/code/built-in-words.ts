/** The words in the source of a built-in protocol: what is not among them, it does not have. */
import sources from '../protocols/library.ts?sources';
import { fileOfProtocol } from './built-in-sources.ts';

const files: ReadonlyMap<string, string> = new Map(Object.entries(sources));
const known = new Map<string, ReadonlySet<string>>();

/** The words of its file and of all that this imports; undefined without a source. */
export function wordsOfProtocol(name: string): ReadonlySet<string> | undefined {
  const entry = fileOfProtocol(name);
  if (entry === undefined) return undefined;
  let words = known.get(name);
  if (words === undefined) {
    const texts = importedBy(entry).map((file) => files.get(file)!);
    words = new Set(texts.flatMap((text) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));
    known.set(name, words);
  }
  return words;
}

/** The fields after `Name: {` in its sources, for a hint: not all events are declared so. */
export function declaredFields(name: string, event: string): string[] {
  const entry = fileOfProtocol(name);
  const texts = entry === undefined ? [] : importedBy(entry).map((file) => files.get(file)!);
  const declaration = new RegExp(`\\b${event}: \\{([^{}]*)\\}`, 'g');
  return texts.flatMap((text) =>
    [...text.matchAll(declaration)].flatMap(([, body]) =>
      [...body.matchAll(/(\w+)\??:/g)].map(([, field]) => field),
    ),
  );
}

function importedBy(entry: string): string[] {
  const found = [entry];
  for (const file of found) {
    for (const [, path] of (files.get(file) ?? '').matchAll(/from '(\.[^']+)'/g)) {
      const target = resolved(file, path);
      if (files.has(target) && !found.includes(target)) found.push(target);
    }
  }
  return found;
}

/** `../locks/queue.ts` in `consul/worker.ts` is `locks/queue.ts`. */
function resolved(file: string, path: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
