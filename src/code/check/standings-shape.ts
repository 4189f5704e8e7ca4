/** Checks the standings that a role declares, and the transitions between them. */
import { shown } from '../../kernel/data/shown.ts';
import {
  isPlain, isRecord, type Part, type Path, type Problems, unknownParts,
} from './shape-parts.ts';
import { hintFor, notThis } from './shape-words.ts';

/** `part` is `standings`, or `others`: what nodes of the role hold others to be. */
export function* standingsProblems(role: Part, part: string, of: Path): Problems {
  const given = role[part];
  const path = [...of, part];
  if (given === undefined) return;
  if (!isPlain(given) || Object.keys(given).length === 0) {
    const form = "an object such as { follower: { doc: '…', to: { candidate: 'timeout' } } }";
    const message = `\`${part}\` must be ${form}${notThis(given)}`;
    return yield { code: 'wrong-type', path, message };
  }
  let isWrong = false;
  for (const [name, one] of Object.entries(given)) {
    const problems = [
      ...standingProblems(one, given, [...path, name]),
      ...optionProblem(one, role.options, [...path, name]),
    ];
    for (const problem of problems) {
      isWrong = true;
      yield { ...problem, message: `the standing ${shown(name, 60)}: ${problem.message}` };
    }
  }
  if (!isWrong) yield* unreachedProblem(given, path);
}

function* standingProblems(one: unknown, all: Part, path: Path): Problems {
  if (!isPlain(one)) {
    const message = `it must be an object with a \`doc\`${notThis(one)}`;
    return yield { code: 'wrong-type', path, message };
  }
  yield* unknownParts(one, 'standing', path);
  const { doc, boots, to } = one;
  if (typeof doc !== 'string') {
    const message = `\`doc\` must be a sentence that says what it is${notThis(doc)}`;
    if (doc !== undefined) yield { code: 'wrong-type', path: [...path, 'doc'], message };
    else yield { code: 'missing-property', path, message, missing: [...path, 'doc'] };
  }
  if (boots !== undefined && boots !== true) {
    const message = `\`boots\` must be true, or left out${notThis(boots)}`;
    yield { code: 'wrong-type', path: [...path, 'boots'], message };
  }
  if (to === undefined) return;
  if (!isPlain(to)) {
    const message = `\`to\` must be an object, such as { leader: 'a majority voted for it' }`;
    return yield { code: 'wrong-type', path: [...path, 'to'], message };
  }
  for (const [next, cause] of Object.entries(to)) {
    const own = [...path, 'to', next];
    if (!Object.hasOwn(all, next)) {
      const hint = hintFor(next, Object.keys(all));
      const message = `\`to\`: ${shown(next, 60)} is not one of the standings: ${hint}`;
      yield { code: 'unknown-name', path: own, message };
    }
    if (typeof cause === 'string' && cause.trim() !== '') continue;
    const message = `\`to\`: what causes it to become ${shown(next, 60)} must be a string, ` +
      `such as 'election timeout'${notThis(cause)}`;
    yield { code: 'wrong-type', path: own, message };
  }
}

function* optionProblem(one: unknown, options: unknown, path: Path): Problems {
  if (!isPlain(one) || one.option === undefined) return;
  const names = isRecord(options) ? Object.keys(options) : [];
  if (typeof one.option === 'string' && names.includes(one.option)) return;
  const given = shown(one.option, 60);
  const hint = typeof one.option === 'string' ? `: ${hintFor(one.option, names)}` : '';
  const message = `\`option\` must be the name of an option of the role, not ${given}${hint}`;
  yield { code: 'unknown-name', path: [...path, 'option'], message };
}

/** A standing to which nothing leads is a mistake in the declaration of another. */
function* unreachedProblem(all: Part, path: Path): Problems {
  const list = Object.entries(all).filter(([, one]) => isRecord(one)) as [string, Part][];
  const reached = new Set(list.flatMap(([, { to }]) => (isRecord(to) ? Object.keys(to) : [])));
  const boots = list.filter(([, one]) => one.boots === true).map(([name]) => name);
  const starts = boots.length > 0 ? boots : list.slice(0, 1).map(([name]) => name);
  for (const [name] of list) {
    if (reached.has(name) || starts.includes(name)) continue;
    const message = `the standing ${shown(name, 60)}: no \`to\` leads to it; ` +
      'write `boots: true` if a node boots in it';
    yield { code: 'unknown-name', path: [...path, name], message };
  }
}
