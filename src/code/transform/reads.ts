/**
 * Finds the places where code copies objects, and where an invariant reads a field of a value that
 * may not be an object. Instrumented code passes these on, so that a misspelt field is noticed.
 */
import { identifier, isGenerated } from './generated.ts';
import type { Insert } from './native-calls.ts';
import { declaredIn } from './names-in-scope.ts';
import type { Stripped } from './strip.ts';
import { isFunction, partsOf, type Tree } from './syntax.ts';

/** What is inserted around an expression. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

const namesOfFiles = new WeakMap<Stripped, ReadonlySet<string>>();

/** The names that a source seems to give to fields: `term:`, `{ term, index }`. */
export function fieldNames(file: Stripped): ReadonlySet<string> {
  let names = namesOfFiles.get(file);
  if (names === undefined) {
    const found = file.source.matchAll(/([\w$]+)(?=\??\s*:|\s*[,}])/g);
    names = new Set(Array.from(found, ([, name]) => name));
    namesOfFiles.set(file, names);
  }
  return names;
}

type Reads = ReadonlyMap<Tree, Around>;

/** What was found last in a module, for these usual fields: its variants have the same. */
const lastReads = new WeakMap<Tree, { usual: ReadonlySet<string>; found: Reads }>();

/**
 * What is inserted around the expressions of a module. `hook` is the object that it calls. Reads of
 * the `usual` fields of a variable are left alone: there are many, and they are not misspelt.
 */
export function readsIn(
  tree: Tree,
  code: string,
  hook: string,
  usual: ReadonlySet<string>,
): Reads {
  const last = lastReads.get(tree);
  if (last?.usual === usual) return last.found;
  const found = new Map<Tree, Around>();
  const body = (tree.body as Tree[]).filter((part) => !isGenerated(part));
  const rests = new Set(body.flatMap(restNames));
  const copy = { before: `${hook}.copied(`, after: ')' };
  for (const part of body) copies(part, undefined, rests, (node) => found.set(node, copy));
  const scalars = new ScalarReads(body, code, { hook, usual }, found);
  for (const part of body) scalars.search(part, undefined);
  lastReads.set(tree, { usual, found });
  return found;
}

/** Inserts what comes before a node; the result inserts what comes after its parts. */
export function passOn(node: Tree, around: Around | undefined, insert: Insert): () => void {
  if (around === undefined) return () => undefined;
  insert(node.start, around.before);
  return () => insert(node.end, around.after);
}

/** The names that get the other fields of an object: `const { term, ...others } = state`. */
function restNames(node: Tree): string[] {
  const own =
    node.type !== 'ObjectPattern'
      ? []
      : (node.properties as Tree[])
          .filter(({ type }) => type === 'RestElement')
          .flatMap(({ argument }) => identifier(argument) ?? []);
  return [...own, ...partsOf(node).flatMap(restNames)];
}

type Note = (node: Tree) => void;

function copies(
  node: Tree,
  parent: Tree | undefined,
  rests: ReadonlySet<string>,
  note: Note,
): void {
  const isSpread =
    node.type === 'ObjectExpression'
    && (node.properties as Tree[]).some(({ type }) => type === 'SpreadElement');
  if (isSpread || (rests.has(identifier(node) ?? '') && isRead(node, parent))) note(node);
  for (const part of partsOf(node)) copies(part, node, rests, note);
}

/** Whether fields of a name may be read where it stands: not where it is declared or assigned. */
function isRead(name: Tree, parent: Tree | undefined): boolean {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.object === name;
    case 'VariableDeclarator':
      return parent.init === name;
    case 'BinaryExpression':
      return parent.right === name;
    case 'ForOfStatement':
    case 'ForInStatement':
      return parent.right === name;
    case 'CallExpression':
      return (parent.arguments as Tree[]).includes(name);
    case 'ReturnStatement':
    case 'SpreadElement':
      return true;
    default:
      return false;
  }
}

/** The fields of numbers, strings, booleans, lists and functions, and those of what is given. */
const knownFields: ReadonlySet<string> = new Set([
  ...[Number, String, Boolean, Array, Object, Function].flatMap((one) =>
    Object.getOwnPropertyNames(one.prototype),
  ),
  ...['id', 'role', 'up', 'state', 'node', 'name', 'fields', 'from', 'to', 'body', 'type'],
  ...['operation', 'args', 'ok', 'result', 'invokedAt'],
  ...['nodes', 'acted', 'time', 'memory', 'events', 'message', 'invoked', 'answers'],
]);

/** The parts of what is given that are objects for certain. */
const objects: ReadonlySet<string> = new Set([
  'state', 'fields', 'body', 'args', 'nodes', 'events', 'answers', 'memory', 'acted', 'message',
]);

/** The functions of invariants, derived events and roles that only read. */
const readers: ReadonlySet<string> = new Set(['check', 'when', 'look']);

/** Finds reads in the code of readers and in the functions of the module that they call. */
class ScalarReads {
  private readonly functions: ReadonlyMap<string, Tree>;
  private readonly ofModule: ReadonlySet<string>;
  private readonly visited = new Set<Tree>();

  constructor(
    body: readonly Tree[],
    private readonly code: string,
    private readonly known: { readonly hook: string; readonly usual: ReadonlySet<string> },
    private readonly found: Map<Tree, Around>,
  ) {
    this.functions = new Map(body.flatMap(functionsIn));
    this.ofModule = new Set([...this.functions.keys(), ...declaredIn(body)]);
  }

  /** Looks for readers: `check({ nodes }) { … }`. */
  search(node: Tree, parent: Tree | undefined): void {
    const isProperty = parent?.type === 'Property' && parent.value === node;
    const name = isProperty ? identifier(parent.key) : undefined;
    if (name !== undefined && readers.has(name) && isFunction(node)) return this.visit(node);
    for (const part of partsOf(node)) this.search(part, node);
  }

  private visit(node: Tree, parent?: Tree): void {
    if (this.visited.has(node)) return;
    this.visited.add(node);
    const called = this.functions.get(identifier(node) ?? '');
    if (called) this.visit(called);
    if (node.type === 'MemberExpression' && !isTarget(node, parent)) this.member(node);
    if (node.type === 'ChainExpression') return this.chain(node, parent);
    if (node.type === 'ObjectPattern') this.skipTargets(node);
    for (const part of partsOf(node)) this.visit(part, node);
  }

  /** What a pattern assigns to, as in `({ term: seen.term } = state)`. */
  private skipTargets(pattern: Tree): void {
    for (const { value, argument } of pattern.properties as Tree[]) {
      const target = (value ?? argument) as Tree;
      if (target.type === 'MemberExpression') this.visited.add(target);
    }
  }

  private member(node: Tree): void {
    const object = node.object as Tree;
    const words = this.words(node);
    if (words === undefined || this.found.has(object)) return;
    this.found.set(object, { before: `${this.known.hook}.read((`, after: `)${words})` });
  }

  /** In `a?.b.c`, a call around `a?.b` would end the chain: it is read once more, before. */
  private chain(node: Tree, parent: Tree | undefined): void {
    if (isTarget(node, parent)) return;
    let before = '';
    let part = node.expression as Tree | undefined;
    while (part?.type === 'MemberExpression' || part?.type === 'CallExpression') {
      const words = part.type === 'MemberExpression' ? this.words(part) : undefined;
      const object = (part.object ?? part.callee) as Tree;
      const text = this.code.slice(object.start, object.end);
      if (words !== undefined && isPath(object) && !/[\n(]/.test(text)) {
        before = `${this.known.hook}.read(${text}${words}),${before}`;
      }
      for (const one of (part.arguments ?? []) as Tree[]) this.visit(one, part);
      part = object;
    }
    if (part !== undefined) this.visit(part);
    if (before !== '') this.found.set(node, { before: `(${before}`, after: ')' });
  }

  /** The further arguments of the call: the field, and the name of the value that must have it. */
  private words(member: Tree): string | undefined {
    const object = member.object as Tree;
    const field = keyOf(member);
    if (field === undefined || knownFields.has(field) || object.type === 'Super') return undefined;
    const name = identifier(object) ?? keyOf(object);
    if (name !== undefined && objects.has(name)) return undefined;
    const variable = identifier(object);
    if (variable !== undefined && (this.isOfModule(variable) || this.known.usual.has(field))) {
      return undefined;
    }
    return `,${JSON.stringify(field)}${name === undefined ? '' : `,${JSON.stringify(name)}`}`;
  }

  /** What a module imports gets a name that begins so. */
  private isOfModule(name: string): boolean {
    return this.ofModule.has(name) || name.startsWith('_');
  }
}

/** The functions that a statement of a module declares, by name. */
function functionsIn(statement: Tree): [string, Tree][] {
  if (statement.type === 'FunctionDeclaration') {
    return [[identifier(statement.id) ?? '', statement]];
  }
  if (statement.type !== 'VariableDeclaration') return [];
  return (statement.declarations as Tree[]).flatMap(({ id, init }): [string, Tree][] => {
    const name = identifier(id);
    const isCode = init !== null && isFunction(init as Tree);
    return isCode && name !== undefined ? [[name, init as Tree]] : [];
  });
}

/** Whether a member is assigned, deleted or called instead of read. */
function isTarget(node: Tree, parent: Tree | undefined): boolean {
  switch (parent?.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.left === node;
    case 'CallExpression':
      return parent.callee === node && node.type !== 'ChainExpression';
    case 'UnaryExpression':
      return parent.operator === 'delete';
    case 'UpdateExpression':
    case 'ArrayPattern':
    case 'RestElement':
    case 'TaggedTemplateExpression':
      return true;
    default:
      return false;
  }
}

/** The name of a member, unless it is computed. */
function keyOf(member: Tree): string | undefined {
  if (member.type !== 'MemberExpression') return undefined;
  const property = member.property as Tree;
  if (member.computed !== true) return identifier(property);
  return typeof property.value === 'string' ? property.value : undefined;
}

/** Whether an expression can be read twice: `acted?.state.last`. */
function isPath(node: Tree): boolean {
  if (node.type === 'Identifier') return true;
  if (node.type !== 'MemberExpression' || keyOf(node) === undefined) return false;
  return isPath(node.object as Tree);
}
