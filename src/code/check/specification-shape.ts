/** Checks the specifications of a protocol: what its operations do one after the other. */
import {
  functionProblem, isPlain, isRecord, type Part, type Path, type Problems, unknownParts,
} from './shape-parts.ts';
import { hintFor, notThis } from './shape-words.ts';
import { shown } from '../../kernel/data/shown.ts';

/** One specification, or several by name. */
export function* specificationProblems({ specification, roles }: Part): Problems {
  if (specification === undefined) return;
  const path = ['specification'];
  const form = '{ doc, init, step }, or an object with several of these by name';
  if (!isPlain(specification) || Object.keys(specification).length === 0) {
    const message = `\`specification\` must be ${form}${notThis(specification)}`;
    return yield { code: 'wrong-type', path, message };
  }
  const operations = operationNames(roles);
  const isOne = ['init', 'step', 'doc'].some((name) => !isRecord(specification[name] ?? {}));
  if (isOne) return yield* oneProblems(specification, 'the specification', operations, path);
  for (const [name, one] of Object.entries(specification)) {
    const what = `the specification ${name}`;
    const own = [...path, name];
    if (isPlain(one)) yield* oneProblems(one, what, operations, own);
    else yield { code: 'wrong-type', path: own, message: `${what} must be { doc, init, step }` };
  }
}

function* oneProblems(one: Part, what: string, known: readonly string[], path: Path): Problems {
  yield* unknownParts(one, 'specification', path);
  if (typeof one.doc !== 'string') {
    const message = `${what} needs \`doc\`, a string that describes it${notThis(one.doc)}`;
    yield { code: 'missing-property', path, message, missing: [...path, 'doc'] };
  }
  for (const name of ['init', 'step']) {
    if (typeof one[name] === 'function') continue;
    const message = `${what} has no function \`${name}\``;
    yield { code: 'missing-property', path, message, missing: [...path, name] };
  }
  yield* functionProblem(one, 'key', path);
  yield* namesProblems(one, 'operations', what, known, path);
  yield* namesProblems(one, 'excludes', what, known, path);
}

function* namesProblems(
  one: Part,
  list: 'operations' | 'excludes',
  what: string,
  known: readonly string[],
  path: Path,
): Problems {
  const names = one[list];
  if (names === undefined) return;
  const own = [...path, list];
  if (!Array.isArray(names) || names.length === 0) {
    const message = `\`${list}\` of ${what} must be a list of names${notThis(names)}`;
    return yield { code: 'wrong-type', path: own, message };
  }
  for (const name of names as unknown[]) {
    if (known.includes(name as string)) continue;
    const message = `${what}: ${shown(name, 60)} is not an operation: ${hintFor(name, known)}`;
    yield { code: 'unknown-name', path: own, message };
  }
}

/** How operations make up transactions. */
export function* transactionsProblems({ transactions }: Part): Problems {
  if (transactions === undefined) return;
  const path = ['transactions'];
  if (!isPlain(transactions)) {
    const message = `\`transactions\` must be { doc, effect }${notThis(transactions)}`;
    return yield { code: 'wrong-type', path, message };
  }
  const { doc, effect } = transactions;
  yield* unknownParts(transactions, 'transactions', path);
  if (typeof doc !== 'string') {
    const message = `\`transactions\` needs \`doc\`, a string that describes them${notThis(doc)}`;
    yield { code: 'missing-property', path, message, missing: [...path, 'doc'] };
  }
  if (typeof effect !== 'function') {
    const what = 'a function that returns what an operation reads and writes';
    const message = `\`transactions\` needs \`effect\`, ${what}${notThis(effect)}`;
    yield { code: 'missing-property', path, message, missing: [...path, 'effect'] };
  }
  yield* functionProblem(transactions, 'remember', path);
  yield* functionProblem(transactions, 'transaction', path);
}

function operationNames(roles: unknown): string[] {
  const all = isRecord(roles) ? Object.values(roles) : [];
  const names = all.flatMap((role) => {
    return isRecord(role) && isRecord(role.operations) ? Object.keys(role.operations) : [];
  });
  return [...new Set(names)];
}
