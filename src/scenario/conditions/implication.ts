/**
 * Finds out whether a condition was tested. An expression of the form "if P then Q", such as `!P ||
 * Q`, is true whenever P is false; one about all items of a list is true for an empty list.
 */
import type { Syntax } from './guard.ts';

export interface Implication {
  /** Whether Q was evaluated since the last `forget`. */
  readonly isTested: () => boolean;
  readonly forget: () => void;
}

/**
 * Undefined for an expression that has no such form. Its parts note when they are evaluated, which
 * costs nothing for the parts before them. `negated`: the expression must be false (`never: …`).
 */
export function implicationIn(root: Syntax, negated: boolean): Implication | undefined {
  const known = implications.get(root);
  if (known?.negated === negated) return known.implication;
  const implication = noting(root, negated);
  implications.set(root, { negated, implication });
  return implication;
}

/** A scenario that runs several times keeps its expressions, which are prepared once. */
const implications = new WeakMap<Syntax, { negated: boolean; implication?: Implication }>();

function noting(root: Syntax, negated: boolean): Implication | undefined {
  const consequents = negated ? ofNegated(root) : of(root);
  if (consequents === undefined) return undefined;
  let tested = false;
  for (const syntax of consequents) {
    const { evaluate } = syntax.meta;
    syntax.setMeta('evaluate', (evaluator: unknown, own: Syntax, context: unknown) => {
      tested = true;
      return evaluate(evaluator, own, context);
    });
  }
  return { isTested: () => tested, forget: () => void (tested = false) };
}

/** The parts Q; undefined if the expression has a part that is not of that form. */
function of(syntax: Syntax): Syntax[] | undefined {
  const args = syntax.args as Syntax[];
  switch (syntax.op) {
    case '||': {
      const parts = alternatives(syntax);
      const first = parts.findIndex((part) => !isNegative(part));
      return first > 0 ? ofOrSelf(parts[first]) : undefined;
    }
    case '?:':
      if (isTrue(args[2])) return ofOrSelf(args[1]);
      return isTrue(args[1]) ? ofOrSelf(args[2]) : undefined;
    case '&&': {
      const [left, right] = args.map(of);
      return left && right && [...left, ...right];
    }
    case '!_':
      return ofNegated(args as unknown as Syntax);
    case 'rcall':
      return ofItems(syntax, 'all', of);
    default:
      return undefined;
  }
}

function ofOrSelf(syntax: Syntax): Syntax[] {
  return of(syntax) ?? [syntax];
}

/** "No item is …" is true for an empty list, too. */
function ofNegated(syntax: Syntax): Syntax[] | undefined {
  if (syntax.op === '!_') return of(syntax.args as Syntax);
  return syntax.op === 'rcall' ? ofItems(syntax, 'exists', ofNegated) : undefined;
}

/** The body of a macro such as `nodes.all(n, …)`, or the parts Q in it. */
function ofItems(
  syntax: Syntax,
  macro: 'all' | 'exists',
  inner: (body: Syntax) => Syntax[] | undefined,
): Syntax[] | undefined {
  const [name, , given] = syntax.args as [string, Syntax, Syntax[]];
  if (name !== macro || given.length !== 2) return undefined;
  return inner(given[1]) ?? [given[1]];
}

/** The parts of `a || b || c`. */
function alternatives(syntax: Syntax): Syntax[] {
  if (syntax.op !== '||') return [syntax];
  return (syntax.args as Syntax[]).flatMap(alternatives);
}

/** `!P` and `a != b` before an `||` are conditions; other alternatives are not. */
function isNegative({ op }: Syntax): boolean {
  return op === '!_' || op === '!=';
}

function isTrue({ op, args }: Syntax): boolean {
  return op === 'value' && args === true;
}
