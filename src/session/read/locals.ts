/** Local names of a handler and their values, as variables and expressions show them. */
import { nameInExpressions } from '../../scenario/conditions/local-names.ts';

export type Local = readonly [name: string, value: unknown];

/** Stands for the `node` of a handler, which is shown as the state of that node. */
export const theNode = Symbol('node');

/** The names of a scope, shadowed by the locals. */
export function withLocals(names: object, locals: readonly Local[]): object {
  const all = Object.create(names) as Record<string, unknown>;
  for (const [name, value] of locals) {
    // CEL has no `undefined`.
    const get = () => (value === theNode ? (names as { node?: unknown }).node : (value ?? null));
    Object.defineProperty(all, nameInExpressions(name), { get, enumerable: true });
  }
  return all;
}
