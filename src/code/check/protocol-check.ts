/** Finds the protocol that a file exports, and refuses one that cannot run. */
import type { Protocol } from '../../protocol/types.ts';
import { CodeFault } from '../code-fault.ts';
import { identifier } from '../transform/generated.ts';
import type { Stripped } from '../transform/strip.ts';
import { parsed, type Tree } from '../transform/syntax.ts';
import { partProblems } from './protocol-shape.ts';
import { isRecord, type ShapeProblem } from './shape-parts.ts';

type Exported = Readonly<Record<string, unknown>>;

/** The protocol that a module exports: its default export if that is one, else the first. */
export function protocolIn(exported: Exported): Protocol | undefined {
  const isMeant = (one: unknown) =>
    isRecord(one) && ('roles' in one || ('name' in one && ('events' in one || 'doc' in one)));
  return [exported.default, ...Object.values(exported)].find(isMeant) as Protocol | undefined;
}

/** The same. Throws a `CodeFault` for each part that is wrong, at its line. */
export function checkedProtocol(exported: Exported, file: Stripped): Protocol {
  const found = protocolIn(exported);
  if (found === undefined) {
    const how = 'write `export default defineProtocol({ name: …, roles: … })`';
    throw new CodeFault('no-protocol', `this file exports no protocol: ${how}`, file);
  }
  const problems = protocolProblems(found as unknown as Record<string, unknown>);
  if (problems.length === 0) return found;
  const name = typeof found.name === 'string' ? ` ${found.name.trim()}`.trimEnd() : '';
  const faults = problems.map(({ code, path, message }) => {
    const place = { file: file.file, ...placeOf(file, path) };
    return new CodeFault(code, `protocol${name}: ${message}`, place);
  });
  throw CodeFault.of(faults);
}

/** All problems without their consequences: a misspelt part is not also reported as missing. */
export function protocolProblems(protocol: Readonly<Record<string, unknown>>): ShapeProblem[] {
  const problems = [...partProblems(protocol)];
  const keyOf = (path: readonly string[] | undefined) => path?.join('\n');
  const meant = new Set(problems.map((problem) => keyOf(problem.meant)));
  return problems.filter(({ missing }) => missing === undefined || !meant.has(keyOf(missing)));
}

/** Where the source defines a part of the protocol, or the nearest part around it. */
function placeOf(file: Stripped, path: readonly string[]): { line: number; column: number } {
  const body = parsed(file).body as Tree[];
  let value = objectOf(exportedBy(body), body);
  let place: Tree | undefined = value;
  for (const name of path) {
    const property = (value?.properties as Tree[] | undefined)?.find(({ key }) => {
      const { name: id, value: literal } = (key ?? {}) as { name?: string; value?: unknown };
      return id === name || literal === name;
    });
    if (property === undefined) break;
    value = objectOf(property.value as Tree, body);
    // In `roles: { peer }`, the role is defined by the constant `peer`.
    const isNamed = identifier(property.value) !== undefined && value !== undefined;
    place = isNamed ? value : property;
  }
  if (place === undefined) return { line: 1, column: 1 };
  const { line, column } = place.loc!.start;
  return { line, column: file.columnOf(line, column) };
}

/** The expression of the default export, else of the last export. */
function exportedBy(body: readonly Tree[]): Tree | undefined {
  const given = body.flatMap(({ expression }) => {
    const { type, left, right } = (expression ?? {}) as Tree;
    if (type !== 'AssignmentExpression') return [];
    const { object, property } = left as Tree;
    return identifier(object) === 'exports' ? [{ name: identifier(property), right }] : [];
  });
  return (given.find(({ name }) => name === 'default') ?? given.at(-1))?.right as Tree | undefined;
}

/** The object literal of an expression: itself, an argument of its call, or a constant's value. */
function objectOf(value: Tree | undefined, body: readonly Tree[], depth = 0): Tree | undefined {
  if (value === undefined || value.type === 'ObjectExpression' || depth > 9) return value;
  if (value.type === 'CallExpression') {
    // The last argument: stripping calls an imported function as `_lockstep.role.call(void 0, …)`.
    const given = (value.arguments as Tree[]).at(-1);
    return given && objectOf(given, body, depth + 1);
  }
  const name = identifier(value);
  const declared = body.flatMap(({ declarations }) => (declarations ?? []) as Tree[]);
  const init = declared.find(({ id }) => name !== undefined && identifier(id) === name)?.init;
  return init ? objectOf(init as Tree, body, depth + 1) : undefined;
}
