/** The functions and macros of CEL by name, for completions. */
import { Environment } from '@marcbachmann/cel-js';

/** What a function can be called on; `none` for `size(list)`. */
export type Receiver = 'none' | 'string' | 'list' | 'map';

let known: ReadonlyMap<Receiver, readonly string[]> | undefined;

export function celFunctions(receiver: Receiver): readonly string[] {
  known ??= functionsByReceiver();
  return known.get(receiver) ?? [];
}

/** Loops over lists, which work on the keys of a map as well. */
const loops = ['all', 'exists', 'exists_one', 'map', 'filter'];

function functionsByReceiver(): Map<Receiver, readonly string[]> {
  const found = new Map<Receiver, Set<string>>();
  for (const { signature } of new Environment().getDefinitions().functions) {
    const [, type, name] = /^(?:(.+)\.)?(\w+)\(/.exec(signature) ?? [];
    const receiver = receiverOf(type);
    if (receiver === undefined || name === 'dyn') continue;
    found.set(receiver, (found.get(receiver) ?? new Set()).add(name));
  }
  for (const name of loops) found.get('map')?.add(name);
  return new Map([...found].map(([receiver, names]) => [receiver, [...names].sort()]));
}

function receiverOf(type: string | undefined): Receiver | undefined {
  if (type === undefined) return 'none';
  if (type === 'string' || type.startsWith('list')) return type === 'string' ? 'string' : 'list';
  return type.startsWith('map') ? 'map' : undefined;
}
