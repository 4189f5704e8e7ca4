/** The name by which a role explains what its picture shows of a node: in `lookDocs`. */
import type { ShownView } from './cluster-view.ts';

/** Empty for a holder, which no role explains. */
export function valueName(view: ShownView): string {
  switch (view.type) {
    case 'holder':
      return '';
    case 'lease':
    case 'interval':
      return view.name;
    default:
      return view.type;
  }
}

/**
 * What a role says of a name. A name in its explanations that ends in `…` is for all that begin as
 * it does (`TTL of …`), and `…` alone is for all others: keys that clients have chosen.
 */
export function explanationOf(
  values: Readonly<Record<string, string>>,
  name: string,
): string | undefined {
  if (name === '') return undefined;
  if (Object.hasOwn(values, name)) return values[name];
  const families = Object.keys(values).filter((key) => key.endsWith('…'));
  const found = families
    .filter((key) => name.startsWith(key.slice(0, -1)))
    .sort((one, other) => other.length - one.length)[0];
  return found === undefined ? undefined : values[found];
}
