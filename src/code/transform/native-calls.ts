/** Instruments calls of the language's own functions, so that what they do is counted. */
import { costlyGlobals, costlyNames } from '../limits/native-costs.ts';
import { identifier } from './generated.ts';
import type { Stripped } from './strip.ts';
import type { Tree } from './syntax.ts';

/** Inserts text at a position of the code, in place of `instead` characters. */
export type Insert = (at: number, text: string, instead?: number) => void;

const nothing = (): void => undefined;

/**
 * Inserts what counts the call or operator of a node, if it has a cost. The returned function must
 * be called after the parts of the node, because its text comes after theirs.
 */
export function countNative(node: Tree, file: Stripped, insert: Insert, hook: string): () => void {
  const isListed = node.isListed === true;
  const close = around(node, `${hook}.fields(`, !isListed, insert);
  const closePart = countPart(node, file, insert, hook);
  return () => {
    closePart();
    close();
  };
}

function countPart(node: Tree, file: Stripped, insert: Insert, hook: string): () => void {
  switch (node.type) {
    case 'CallExpression':
      return countCall(node, file, insert, hook);
    case 'NewExpression':
      return countArgument(node, insert, hook);
    case 'SpreadElement': {
      const what = isOfObject(node) ? 'fields' : 'spread';
      return around(node.argument as Tree, `${hook}.${what}(`, false, insert);
    }
    case 'VariableDeclarator':
      return countPattern(node.id as Tree, node.init as Tree | null, insert, hook);
    case 'BinaryExpression':
      return countOperator(node, file, insert, hook);
    case 'AssignmentExpression':
      return countAssignment(node, file, insert, hook);
    case 'TemplateLiteral':
      return countTexts(node.expressions as Tree[], insert, hook);
    default:
      return nothing;
  }
}

function around(part: Tree, open: string, isSkipped: boolean, insert: Insert): () => void {
  if (isSkipped) return nothing;
  // The parser leaves parentheses out of the part, so they may be inside of these.
  insert(part.start, open);
  return () => insert(part.end, ')');
}

/** Marked by `markObjects`: the fields of an object are copied, not the elements of a list. */
const isOfObject = (node: Tree): boolean => node.isOfObject === true;

/** Spreading an object copies its fields, which need not be iterable. */
export function markObjects(node: Tree): void {
  if (node.type !== 'ObjectExpression') return;
  for (const part of node.properties as Tree[]) {
    if (part.type === 'SpreadElement') part.isOfObject = true;
  }
}

/** Whether a loop is a `for (const key in value)`: the engine lists all keys before it. */
export function markKeys(loop: Tree): boolean {
  if (loop.type !== 'ForInStatement') return false;
  (loop.right as Tree).isListed = true;
  return true;
}

/**
 * `list.fill(0)` becomes `native.of(list,"fill","list.fill").fill(0)`: the name stays where it is,
 * because engines report a call at the place of its name.
 */
function countCall(node: Tree, file: Stripped, insert: Insert, hook: string): () => void {
  const callee = node.callee as Tree;
  if (identifier(callee) !== undefined) return countArgument(node, insert, hook);
  if (callee.type !== 'MemberExpression' || isInChain(callee.object as Tree)) return nothing;
  const receiver = callee.object as Tree;
  const property = callee.property as Tree;
  if (receiver.type === 'Super' || property.type === 'PrivateIdentifier') return nothing;
  const { code } = file;
  const text = JSON.stringify(nameOfCall(callee, code).replaceAll(/\s+/g, ' '));
  const closing = `,${text}${node.optional === true ? ',true' : ''})`;
  const between = code.slice(receiver.end, property.start);
  if (callee.computed === true) {
    const open = receiver.end + between.lastIndexOf('[');
    const end = code.lastIndexOf(']', callee.end - 1);
    const isSimple = callee.optional !== true && /^[\s)]*\[[\s(]*$/.test(between);
    const isIndex = property.type === 'Literal' && typeof property.value === 'number';
    if (!isSimple || isIndex) return nothing;
    insert(node.start, `${hook}.method(`);
    return () => {
      insert(open, ',', 1);
      insert(end, closing, 1);
    };
  }
  const name = identifier(property);
  const dot = between.lastIndexOf(callee.optional === true ? '?.' : '.');
  if (name === undefined || dot < 0) return nothing;
  if (!costlyNames.has(name) && !isCostly(receiver)) return nothing;
  insert(node.start, `${hook}.of(`);
  return () => insert(receiver.end + dot, `,${JSON.stringify(name)}${closing}`);
}

/** The result of such a call: an engine would name it by the text of the instrumented code. */
function isCostly({ type, callee }: Tree): boolean {
  const property = (callee as Tree | undefined)?.property as Tree | undefined;
  return type === 'CallExpression' && costlyNames.has(identifier(property) ?? '');
}

/** What engines call a function in their errors: `list.map(...).fill`. */
function nameOfCall(node: Tree, code: string): string {
  const callee = node.callee as Tree | undefined;
  if (node.type === 'CallExpression') return `${nameOfCall(callee!, code)}(...)`;
  const object = node.object as Tree | undefined;
  const isPlain = node.type === 'MemberExpression' && object!.start === node.start;
  if (!isPlain) return code.slice(node.start, node.end);
  return nameOfCall(object!, code) + code.slice(object!.end, node.end);
}

/** Whether an optional part of a chain comes before: without it, the whole call is skipped. */
function isInChain(node: Tree): boolean {
  let part: Tree | undefined = node;
  while (part) {
    if (part.optional === true) return true;
    const isLink: boolean = part.type === 'MemberExpression' || part.type === 'CallExpression';
    part = isLink ? ((part.object ?? part.callee) as Tree) : undefined;
  }
  return false;
}

/** `Array(n)` and `new Uint8Array(n)` make a list of a length, `new Set(list)` copies a list. */
function countArgument(node: Tree, insert: Insert, hook: string): () => void {
  const name = identifier(node.callee);
  const [argument, ...others] = node.arguments as Tree[];
  if (name === undefined || argument === undefined || argument.type === 'SpreadElement') {
    return nothing;
  }
  // Any constructor may be passed under another name; functions are called far more often.
  if (node.type !== 'NewExpression' && !costlyGlobals.has(name)) return nothing;
  if (name === 'Array' && others.length > 0) return nothing;
  return around(argument, `${hook}.given(${name},`, false, insert);
}

/** `const [...list] = value` copies elements, `const { a, ...others } = value` fields. */
function countPattern(left: Tree, right: Tree | null, insert: Insert, hook: string): () => void {
  const parts = (left.elements ?? left.properties ?? []) as (Tree | null)[];
  const copies = /^(Array|Object)Pattern$/.test(left.type) && parts.at(-1)?.type === 'RestElement';
  if (!copies || right === null) return nothing;
  const what = left.type === 'ArrayPattern' ? 'spread' : 'fields';
  return around(right, `${hook}.${what}(`, false, insert);
}

/** `list.length = n`, and `big *= n`, which becomes `big =operate(big,"*",n)`. */
function countAssignment(node: Tree, file: Stripped, insert: Insert, hook: string): () => void {
  const left = node.left as Tree;
  const right = node.right as Tree;
  const isProperty = left.type === 'MemberExpression' && left.computed !== true;
  const operator = String(node.operator);
  if (operator === '=') {
    if (left.type.endsWith('Pattern')) return countPattern(left, right, insert, hook);
    const isLength = isProperty && identifier(left.property) === 'length';
    return around(right, `${hook}.length(`, !isLength, insert);
  }
  const name = isPath(left) ? file.code.slice(left.start, left.end) : undefined;
  const between = file.code.slice(left.end, right.start);
  const isCounted = digitOperators.includes(operator.slice(0, -1)) && name !== undefined;
  const isSimple = /^[\s()]*$/.test(between.replace(operator, ''));
  if (!isCounted || !isSimple || !mentionsBigInt.test(file.code)) return nothing;
  const at = left.end + between.indexOf(operator);
  const text = `=${hook}.operate(${name},${JSON.stringify(operator.slice(0, -1))},`;
  insert(at, text, operator.length);
  return () => insert(node.end, ')');
}

/** A list in a string is written out with all that it holds. */
function countTexts(parts: readonly Tree[], insert: Insert, hook: string): () => void {
  const ends = parts.map((part) => around(part, `${hook}.text(`, part.type === 'Literal', insert));
  return () => {
    for (const end of ends) end();
  };
}

/** The operators on numbers with many digits, and those on long strings. */
const digitOperators: readonly string[] = '** * << >> / % + - & | ^'.split(' ');
const comparisons: readonly string[] = '< > <= >= === !=='.split(' ');

/** Numbers with many digits exist only in files that mention them. */
const mentionsBigInt = /\d n\b|\dn\b|\bBigInt\b/;

/** Whether an expression can be read twice: `count`, `node.state.counts[i]`. */
function isPath(node: Tree): boolean {
  if (identifier(node) !== undefined || node.type === 'ThisExpression') return true;
  if (node.type !== 'MemberExpression' || !isPath(node.object as Tree)) return false;
  const property = node.property as Tree;
  if (node.computed !== true) return identifier(property) !== undefined;
  return property.type === 'Literal' || identifier(property) !== undefined;
}

/** A value that is never a long string: most comparisons are with one. */
function isShort(node: Tree): boolean {
  if (node.type === 'Literal' || node.type === 'UnaryExpression') return true;
  const name = identifier(node.type === 'MemberExpression' ? node.property : node);
  return name === 'undefined' || name === 'length';
}

function countOperator(node: Tree, file: Stripped, insert: Insert, hook: string): () => void {
  const operator = String(node.operator);
  const left = node.left as Tree;
  const right = node.right as Tree;
  if (comparisons.includes(operator)) {
    if (isShort(left) || isShort(right)) return nothing;
  } else if (!digitOperators.includes(operator) || !mentionsBigInt.test(file.code)) return nothing;
  const between = file.code.slice(left.end, right.start);
  const at = between.indexOf(operator);
  if (!/^[\s()]*$/.test(between.replace(operator, ''))) return nothing;
  insert(node.start, `${hook}.operate(`);
  return () => {
    insert(left.end + at, `,${JSON.stringify(operator)},`, operator.length);
    insert(node.end, ')');
  };
}
