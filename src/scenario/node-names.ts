/** The names that nodes may have. */
import type { NodeId } from '../protocol/types.ts';
import type { Mistake } from './problem.ts';

export const nameLengthMax = 40;

/** The problem with the name of a new node, given the nodes that exist. */
export function nodeNameMistake(
  id: string,
  taken: readonly NodeId[],
  reserved: ReadonlySet<string>,
): Mistake | undefined {
  if (!/^[A-Za-z_]\w*$/.test(id) || id.length > nameLengthMax) {
    const shown = id.length > nameLengthMax ? `${id.slice(0, nameLengthMax)}…` : id;
    const message = `\`${shown}\` is not a valid name for a node`;
    const hint = `use up to ${nameLengthMax} letters, digits and \`_\``;
    return { code: 'bad-node-name', message, hint };
  }
  if (reserved.has(id)) {
    const message = `a node cannot be named \`${id}\`: it is a word of the command language`;
    return { code: 'reserved-node-name', message, hint: 'choose another name' };
  }
  if (!taken.includes(id)) return undefined;
  const message = `there are two nodes named \`${id}\``;
  return { code: 'duplicate-node', message, hint: 'rename or remove one' };
}
