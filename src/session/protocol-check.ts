/** What the protocol of a workspace must be, before it runs. */
import type { Protocol } from '../protocol/types.ts';
import { CodeFault } from './code-fault.ts';

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
