/** The words in the source of a built-in protocol: what is not among them, it does not have. */
import { fileOfProtocol, filesOf, protocolSources } from './built-in-sources.ts';

const known = new Map<string, ReadonlySet<string>>();

/** The words of its file and of all that this imports; undefined without a source. */
export function wordsOfProtocol(name: string): ReadonlySet<string> | undefined {
  const entry = fileOfProtocol(name);
  if (entry === undefined) return undefined;
  let words = known.get(name);
  if (words === undefined) {
    words = new Set(textsOf(entry).flatMap((text) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));
    known.set(name, words);
  }
  return words;
}

/** The fields after `Name: {` in its sources, for a hint: not all events are declared so. */
export function declaredFields(name: string, event: string): string[] {
  const entry = fileOfProtocol(name);
  const texts = entry === undefined ? [] : textsOf(entry);
  const declaration = new RegExp(`\\b${event}: \\{([^{}]*)\\}`, 'g');
  return texts.flatMap((text) =>
    [...text.matchAll(declaration)].flatMap(([, body]) =>
      [...body.matchAll(/(\w+)\??:/g)].map(([, field]) => field),
    ),
  );
}

function textsOf(entry: string): string[] {
  return filesOf(entry).map((file) => protocolSources.get(file)!);
}
