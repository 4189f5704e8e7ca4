/** Checks what a protocol says of connections. */
import { shown } from '../../kernel/data/shown.ts';
import {
  functionProblem, isPlain, type Part, type Path, type Problems, unknownParts,
} from './shape-parts.ts';
import { hintFor, notThis } from './shape-words.ts';

/** The handlers of a role at its end of a connection. */
export function* connectionProblems({ connection }: Part, path: Path): Problems {
  if (connection === undefined) return;
  const own = [...path, 'connection'];
  if (!isPlain(connection)) {
    const message = '`connection` must be an object with `socket`, `opened` or `ended`';
    return yield { code: 'wrong-type', path: own, message };
  }
  yield* unknownParts(connection, 'connection', own);
  for (const name of ['socket', 'opened', 'ended']) yield* functionProblem(connection, name, own);
}

/** The pairs of roles that have connections. */
export function* pairProblems({ connections }: Part, roles: Part): Problems {
  const path = ['connections'];
  const names = Object.keys(roles);
  const paired = new Set<unknown>();
  if (connections !== undefined) {
    const example = `such as [['client', 'server']]${notThis(connections)}`;
    const message = `\`connections\` must be a list of pairs of roles, ${example}`;
    const isList = Array.isArray(connections) && connections.every(isPair);
    if (!isList) return yield { code: 'wrong-type', path, message };
    for (const name of (connections as string[][]).flat()) {
      paired.add(name);
      if (names.includes(name)) continue;
      const unknown = `\`connections\`: ${shown(name, 60)} is not a role: ${hintFor(name, names)}`;
      yield { code: 'unknown-name', path, message: unknown };
    }
  }
  for (const name of names) {
    const role = roles[name];
    if (!isPlain(role) || role.connection === undefined || paired.has(name)) continue;
    const why = "is never called: the protocol's `connections` do not name the role";
    const message = `role ${name}: \`connection\` ${why}`;
    yield { code: 'unknown-name', path: ['roles', name, 'connection'], message };
  }
}

function isPair(one: unknown): boolean {
  return Array.isArray(one) && one.length === 2 && one.every((name) => typeof name === 'string');
}
