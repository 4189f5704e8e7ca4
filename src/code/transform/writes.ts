/**
 * Finds where code changes objects, so that a call can report each of them. The guards around
 * workspace code then check what a call changed, instead of all that a node holds.
 */
import { identifier, isGenerated } from './generated.ts';
import { partsOf, type Tree } from './syntax.ts';

/** A place where code changes an object. */
export interface Write {
  /** The expression whose value is changed. */
  readonly target: Tree;
  readonly change: Change;
}

export type Change =
  /** `target.key = 1`, `delete target[i]`; the key is undefined if it is computed. */
  | { readonly type: 'property'; readonly key?: string }
  /** `target.push(1)` */
  | { readonly type: 'method'; readonly name: string }
  /** `Object.assign(target, other)` */
  | { readonly type: 'argument' }
  /** `target[name](1)`, which may change it. */
  | { readonly type: 'computed call' }
  /** `change.call(self, target)`, which may change it. */
  | { readonly type: 'passed on' };

/** The function of `limits/written.ts` that is called with the target of each change. */
export const reportOf = {
  property: 'changed',
  argument: 'changed',
  method: 'changing',
  'computed call': 'mayChange',
  'passed on': 'passedOn',
} as const satisfies Record<Change['type'], string>;

export interface Writes {
  readonly found: readonly Write[];
  /**
   * False if the code may also change objects in ways that cannot be seen in its text, as in
   * `const { push } = Array.prototype`.
   */
  readonly isComplete: boolean;
}

/** The methods that change an array in place. */
const changingMethods = new Set([
  'push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin',
]);

/** The functions that change an argument: the first one, or for `Reflect.set` perhaps another. */
const changingFunctions: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: new Set([
    'assign', 'defineProperties', 'defineProperty', 'freeze', 'preventExtensions', 'seal',
    'setPrototypeOf',
  ]),
  Reflect: new Set([
    'defineProperty', 'deleteProperty', 'preventExtensions', 'set', 'setPrototypeOf',
  ]),
};

/** With these, code can change an object, or find a function that does, under another name. */
const hidingNames = new Set([
  'constructor', 'prototype', '__proto__', '__defineGetter__', '__defineSetter__',
]);

/** The methods that call a function with other arguments. */
const callingMethods = new Set(['apply', 'bind', 'call', 'construct']);

/**
 * The arguments that such a function changes. `Object.assign` only reads the others, which in an
 * invariant may be states.
 */
function changedBy({ object }: Tree, call: Tree): Tree[] {
  const given = call.arguments as Tree[];
  if (identifier(object) !== 'Object') return given;
  return given.slice(0, 1);
}

const known = new WeakMap<Tree, Writes>();

/** All changes of objects in a module, in the order in which calls must be inserted. */
export function writesIn(tree: Tree): Writes {
  const writes = known.get(tree) ?? searched(tree);
  known.set(tree, writes);
  return writes;
}

function searched(tree: Tree): Writes {
  const search = new Search();
  for (const part of partsOf(tree)) if (!isGenerated(part)) search.visit(part, tree);
  return search;
}

class Search implements Writes {
  readonly found: Write[] = [];
  isComplete = true;
  private readonly imported = new Set<unknown>();

  visit(node: Tree, parent: Tree | undefined): void {
    switch (node.type) {
      case 'AssignmentExpression':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.assigned(node.left as Tree);
        break;
      case 'UpdateExpression':
        this.assigned(node.argument as Tree);
        break;
      case 'UnaryExpression':
        if (node.operator === 'delete') this.deleted(node.argument as Tree);
        break;
      case 'MemberExpression':
        this.member(node, parent);
        break;
      case 'ObjectPattern':
        if ((node.properties as Tree[]).some(takesMethod)) this.isComplete = false;
        break;
      case 'CallExpression':
        this.call(node);
        break;
      case 'Identifier':
        this.global(node, parent);
        break;
    }
    for (const part of partsOf(node)) this.visit(part, node);
  }

  /** What an assignment assigns to: a member, or a pattern with members in it. */
  private assigned(target: Tree): void {
    switch (target.type) {
      case 'MemberExpression':
        return this.write(target.object as Tree, { type: 'property', ...keyOf(target) });
      case 'ArrayPattern':
        for (const one of target.elements as (Tree | null)[]) if (one) this.assigned(one);
        return;
      case 'ObjectPattern':
        for (const one of target.properties as Tree[]) {
          this.assigned((one.type === 'RestElement' ? one : one.value) as Tree);
        }
        return;
      case 'RestElement':
        return this.assigned(target.argument as Tree);
      case 'AssignmentPattern':
        return this.assigned(target.left as Tree);
    }
  }

  private deleted(target: Tree): void {
    if (target.type === 'ChainExpression') this.deleted(target.expression as Tree);
    else this.assigned(target);
  }

  private member(node: Tree, parent: Tree | undefined): void {
    const { key } = keyOf(node);
    if (key === undefined) return;
    if (hidingNames.has(key)) this.isComplete = false;
    const isCalled = parent?.type === 'CallExpression' && parent.callee === node;
    const owner = identifier(node.object) ?? '';
    const isOfList = changingMethods.has(key);
    const isOfGlobal = changingFunctions[owner]?.has(key) ?? false;
    const isTarget = parent?.type === 'AssignmentExpression' && parent.left === node;
    if ((!isOfList && !isOfGlobal) || isCalled || isTarget || this.imported.has(node)) return;
    // The function is taken from its object, to be called later.
    this.isComplete = false;
  }

  private call(node: Tree): void {
    const callee = node.callee as Tree;
    if (callee.type !== 'MemberExpression') return;
    const { key } = keyOf(callee);
    const imported = importedFunction(node);
    if (imported !== undefined) this.imported.add(imported);
    else if (key !== undefined && callingMethods.has(key)) this.arguments(node, 'passed on');
    const functions = changingFunctions[identifier(callee.object) ?? ''];
    if (functions !== undefined) {
      if (key !== undefined && functions.has(key)) {
        this.arguments(node, 'argument', changedBy(callee, node));
      }
      if (key === undefined) this.isComplete = false;
    } else if (key === undefined) {
      this.write(callee.object as Tree, { type: 'computed call' });
    } else if (changingMethods.has(key)) {
      // `list.push?.(1)` is not an error if there is no such method.
      const isOptional = node.optional === true;
      const change: Change = isOptional ? { type: 'property' } : { type: 'method', name: key };
      this.write(callee.object as Tree, change);
    }
  }

  private arguments(
    call: Tree,
    type: 'argument' | 'passed on',
    given = call.arguments as readonly Tree[],
  ): void {
    for (const one of given) {
      if (one.type === 'SpreadElement') this.isComplete = false;
      else this.write(one, { type });
    }
  }

  /** `Object`, `Reflect` and `Proxy` where they are not followed by a method that is called. */
  private global(node: Tree, parent: Tree | undefined): void {
    const name = node.name as string;
    if (name === 'Proxy') this.isComplete = false;
    if (!Object.hasOwn(changingFunctions, name)) return;
    if (parent?.type !== 'MemberExpression' || parent.object !== node) this.isComplete = false;
  }

  private write(target: Tree, change: Change): void {
    // A call around these would change what the code does.
    const cannotWrap = target.type === 'Super' || target.type === 'YieldExpression';
    if (cannotWrap || hasOptionalPart(target)) this.isComplete = false;
    else this.found.push({ target, change });
  }
}

/** The name of a member, unless it is computed while the code runs. */
function keyOf(member: Tree): { readonly key?: string } {
  const property = member.property as Tree;
  if (member.computed !== true) {
    const name = identifier(property);
    return name === undefined ? {} : { key: name };
  }
  return property.type === 'Literal' ? { key: String(property.value) } : {};
}

/** Whether a pattern takes a method that changes its object: `const { push } = list`. */
function takesMethod(property: Tree): boolean {
  if (property.type !== 'Property') return false;
  const key = property.key as Tree;
  if (property.computed === true && key.type !== 'Literal') return true;
  const name = identifier(key) ?? String(key.value);
  return [changingMethods, hidingNames, ...Object.values(changingFunctions)].some((names) =>
    names.has(name),
  );
}

/** Stripping makes `_log.fill.call(void 0, entries)` of a call of an imported function. */
function importedFunction(call: Tree): unknown {
  const callee = call.callee as Tree;
  const [self] = call.arguments as (Tree | undefined)[];
  const isGeneratedCall = keyOf(callee).key === 'call' && self?.operator === 'void';
  return isGeneratedCall ? callee.object : undefined;
}

/** In `a?.list.push(1)`, a call around `a?.list` would end the chain that skips `push`. */
function hasOptionalPart(target: Tree): boolean {
  let node: Tree | undefined = target;
  while (node?.type === 'MemberExpression' || node?.type === 'CallExpression') {
    if (node.optional === true) return true;
    node = (node.object ?? node.callee) as Tree | undefined;
  }
  return false;
}
