/** What a protocol of the workspace must be, before it runs: faults with their places. */
import { type Node, parse } from 'acorn';
import type { Protocol } from '../protocol/types.ts';
import { CodeFault } from './code-fault.ts';
import type { Stripped } from './strip.ts';
import { isFunction, type Tree, visit } from './syntax.ts';

/** Refuses what cannot be parsed, waits, or keeps state beside the nodes' own. */
export function checkSource(text: Stripped): void {
  const tree = parsed(text);
  const refuse = (node: Node, message: string): never => {
    const { line, column } = node.loc!.start;
    throw new CodeFault(message, text.file, line, text.columnOf(line, column));
  };
  for (const statement of (tree as unknown as { body: Tree[] }).body) {
    const isKept = statement.type === 'VariableDeclaration' && statement.kind !== 'const';
    // An import is a variable of the code that was made of it.
    if (isKept && !text.code.slice(statement.start, statement.end).includes('require(')) {
      const kept = 'what a node remembers belongs into node.state, the rest is const';
      refuse(statement, `a module keeps no \`${String(statement.kind)}\`: ${kept}`);
    }
  }
  visit(tree, undefined, (node) => {
    if ((isFunction(node) && node['async'] === true) || node.type === 'AwaitExpression') {
      refuse(node, 'a handler does not wait: what comes later comes by a message or a timer');
    }
    if (node.type === 'ImportExpression') refuse(node, 'import at the top of the file instead');
    if (node.type === 'Identifier' && node.name === 'eval') {
      refuse(node, 'there is no eval in a protocol: code made of text has no lines');
    }
  });
}

export function parsed({ file, code, columnOf }: Stripped): Tree {
  try {
    const options = { ecmaVersion: 2023, sourceType: 'script', locations: true } as const;
    return parse(code, options) as Node as Tree;
  } catch (error) {
    const { message, loc } = error as Error & { loc?: { line: number; column: number } };
    const { line, column } = loc ?? { line: 1, column: 0 };
    const plain = message.replace(/ \(\d+:\d+\)$/, '');
    const words = plain.charAt(0).toLowerCase() + plain.slice(1);
    throw new CodeFault(words, file, line, columnOf(line, column));
  }
}

/** The protocol that the entry exports: its default, else the only one. */
export function protocolIn(exported: Readonly<Record<string, unknown>>, file: string): Protocol {
  const isProtocol = (one: unknown): one is Protocol =>
    isRecord(one) && isRecord(one.roles) && typeof one.name === 'string';
  const found = [exported.default, ...Object.values(exported)].find(isProtocol);
  if (found === undefined) {
    const how = 'write `export default defineProtocol({ name: …, roles: … })`';
    throw new CodeFault(`this file exports no protocol: ${how}`, file);
  }
  const refuse = (message: string): never => {
    throw new CodeFault(`protocol ${found.name}: ${message}`, file);
  };
  for (const part of ['events', 'invariants'] as const) {
    if (!isRecord(found[part])) refuse(`\`${part}\` is missing: ${anObject}`);
  }
  for (const [name, role] of Object.entries(found.roles)) {
    const problem = roleProblem(role);
    if (problem !== undefined) refuse(`role ${name}: ${problem}`);
  }
  for (const [name, invariant] of Object.entries(found.invariants)) {
    if (typeof invariant?.check !== 'function') refuse(`the invariant ${name} has no \`check\``);
  }
  return found;
}

const anObject = 'an object, empty where there are none';

function roleProblem(role: unknown): string | undefined {
  if (!isRecord(role)) return 'it is no role: write `role({ … })`';
  if (typeof role.init !== 'function') return '`init` is missing, which makes the first state';
  for (const part of ['messages', 'timers']) {
    const handlers = role[part];
    if (!isRecord(handlers)) return `\`${part}\` is missing: ${anObject}`;
    for (const [name, handler] of Object.entries(handlers)) {
      if (typeof handler !== 'function') return `the handler of ${name} is no function`;
    }
  }
  const operations = isRecord(role.operations) ? role.operations : {};
  for (const [name, operation] of Object.entries(operations)) {
    if (!isRecord(operation) || typeof operation.run !== 'function') {
      return `the operation ${name} has no \`run\``;
    }
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
