/** The names that the code of a protocol gives to fields: any other that it reads is misspelt. */
import type { Code } from './code.ts';
import { identifier } from './transform/generated.ts';
import { strip } from './transform/strip.ts';
import { parsed, type Tree, visit } from './transform/syntax.ts';

export interface NamesInCode {
  /** The fields that it writes, and all names in its types. */
  readonly defined: ReadonlySet<string>;
  /** The strings that are not the name of a field that it reads. */
  readonly strings: ReadonlySet<string>;
  /** The names in its types, by file and line. */
  readonly typeLines: ReadonlyMap<string, readonly ReadonlySet<string>[]>;
  /** Whether it may give an object the fields of another: `Object.assign(memory, others)`. */
  readonly copiesFields: boolean;
}

const known = new WeakMap<Code, NamesInCode>();

export function namesIn(code: Code): NamesInCode {
  let names = known.get(code);
  if (names === undefined) known.set(code, (names = found(code)));
  return names;
}

function found({ files }: Code): NamesInCode {
  const defined = new Set<string>();
  const strings = new Set<string>();
  const typeLines = new Map<string, readonly ReadonlySet<string>[]>();
  for (const [file, source] of files) {
    const stripped = strip(file, source);
    const lines = namesOfTypes(source, stripped.code);
    typeLines.set(file, lines);
    for (const line of lines) for (const name of line) defined.add(name);
    visit(parsed(stripped), undefined, (node, parent) => {
      for (const name of definedBy(node)) defined.add(name);
      const isRead = parent !== undefined && namesAField(node, parent);
      if (typeof node.value === 'string' && !isRead) strings.add(node.value);
    });
  }
  const texts = [...files.values()];
  const copying = /\bObject\s*\.\s*(assign|define)|\bReflect\b/;
  const copiesFields = texts.some((text) => copying.test(text));
  return { defined, strings, typeLines, copiesFields };
}

/** The names in each line of a source that are gone when its types are. */
function namesOfTypes(source: string, code: string): ReadonlySet<string>[] {
  const stripped = code.split('\n').map(wordCounts);
  return source.split('\n').map((line, i) => {
    const left = stripped[i];
    const words = [...wordCounts(line)];
    return new Set(words.filter(([word, n]) => n > (left?.get(word) ?? 0)).map(([word]) => word));
  });
}

function wordCounts(line: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of line.matchAll(/[\w$]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The fields that a node of the syntax tree writes. */
function definedBy(node: Tree): string[] {
  switch (node.type) {
    case 'ObjectExpression':
      return (node.properties as Tree[]).flatMap(({ key, computed }) => nameOf(key, computed));
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return nameOf(node.key, node.computed);
    case 'AssignmentExpression':
    case 'UpdateExpression': {
      const target = (node.left ?? node.argument) as Tree;
      return target.type === 'MemberExpression' ? nameOf(target.property, target.computed) : [];
    }
    default:
      return [];
  }
}

function nameOf(key: unknown, computed: unknown): string[] {
  const { value } = (key ?? {}) as { value?: unknown };
  const name = typeof value === 'string' ? value : computed === true ? undefined : identifier(key);
  return name === undefined ? [] : [name];
}

/** Whether a string names a field that is read, as in `'term' in state`. */
function namesAField(node: Tree, parent: Tree): boolean {
  switch (parent.type) {
    case 'BinaryExpression':
      return parent.operator === 'in';
    case 'MemberExpression':
      return parent.property === node;
    case 'CallExpression':
      return /\bhasOwn(Property)?\b/.test(calledName(parent.callee as Tree));
    default:
      return false;
  }
}

/** `Object.prototype.hasOwnProperty.call`. */
function calledName(callee: Tree): string {
  if (callee.type !== 'MemberExpression') return identifier(callee) ?? '';
  return `${calledName(callee.object as Tree)}.${identifier(callee.property) ?? ''}`;
}
