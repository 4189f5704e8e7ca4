/** What does not fit the shape of a scenario file, said in the words of the file. */
import * as v from 'valibot';
import { type Document, isMap, isScalar } from 'yaml';
import { nodeAt, type Problems } from './positions.ts';
import { scenarioShape } from './shape.ts';
import { didYouMean, oneOf } from '../suggest.ts';

type Path = (string | number)[];

/** Checks the file against the shape; steps and expectations are checked word by word elsewhere. */
export function checkShape(value: unknown, document: Document, problems: Problems): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = receivedWords(value);
    const message = `a scenario is a map with \`protocol\`, \`nodes\` and \`steps\`, not ${found}`;
    problems.at(document.contents, message);
    return;
  }
  const result = v.safeParse(scenarioShape, value);
  for (const issue of result.issues ?? []) {
    const path = (issue.path ?? []).map((item) => item.key as string | number);
    if (path[0] === 'steps' && path.length > 1) continue;
    if (path[0] === 'expect' && path.length > 1) continue;
    // What is wrong inside a node or an event is told where it is read.
    const isInside = typeof issue.input === 'object' && issue.input !== null;
    if ((path[0] === 'nodes' || path[0] === 'breakOn') && (isInside || path.length > 1)) continue;
    report(issue, path, document, problems);
  }
}

function report(
  issue: v.BaseIssue<unknown>,
  path: Path,
  document: Document,
  problems: Problems,
): void {
  const key = String(path.at(-1) ?? '');
  if (issue.kind === 'schema' && issue.type === 'strict_object') {
    const known = knownKeys(path.slice(0, -1));
    if (issue.expected === 'never') {
      const where = path.length > 1 ? `\`${path.slice(0, -1).join('.')}\`` : 'a scenario';
      const message = `${where} has no \`${key}\``;
      problems.at(
        keyAt(document, path),
        message,
        didYouMean(key, known) ?? `it has ${oneOf(known)}`,
      );
      return;
    }
    if (issue.received === 'undefined') {
      problems.at(
        firstKey(document, path.slice(0, -1)),
        `\`${key}\` is missing`,
        missingHints[key],
      );
      return;
    }
  }
  const name = `\`${path.join('.')}\``;
  const expected =
    issue.kind === 'schema' ? expectedWords(path, issue.expected) : constraintWords(issue);
  problems.at(nodeAt(document, path), `${name} is ${expected}, not ${receivedWords(issue.input)}`);
}

const missingHints: Record<string, string> = {
  protocol: 'add a line such as `protocol: raft`',
  nodes: 'add a line such as `nodes: { n1..n3: replica, client: client }`',
};

function knownKeys(path: Path): string[] {
  const entries =
    path[0] === 'network' ? scenarioShape.entries.network.wrapped.pipe[0].entries : undefined;
  if (path.length === 0) return Object.keys(scenarioShape.entries);
  if (entries !== undefined) return Object.keys(entries);
  return path[0] === 'breakOn' ? ['event', 'condition'] : ['offset', 'drift'];
}

const shapeWords: Record<string, string> = {
  nodes: 'a map from names to roles, or a list of names',
  steps: 'a list of commands',
  expect: 'a list of expectations',
  network: 'a map of settings',
  options: 'a map of settings',
  breakOn: 'a list of events',
  settle: 'a duration, such as `10s`',
  until: 'an event, a condition or a moment, such as `10s`',
  'network.latency': 'a duration or a range, such as `1ms..5ms`',
};

function expectedWords(path: Path, expected: string | null): string {
  const words = shapeWords[path.join('.')];
  if (words !== undefined) return words;
  return (expected ?? 'something else')
    .replace(/[()]/g, '')
    .split(' | ')
    .map((type) => typeWords[type] ?? type)
    .join(' or ');
}

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: '`true` or `false`',
  Object: 'a map',
  Array: 'a list',
  null: 'nothing',
};

function constraintWords(issue: v.BaseIssue<unknown>): string {
  return issue.type === 'integer' ? 'a whole number' : 'a whole number from 0 on';
}

function receivedWords(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (input === null || input === undefined) return 'empty';
  return typeof input === 'object' ? 'a map' : `\`${String(input).slice(0, 40)}\``;
}

/** The key itself, where a name is wrong. */
function keyAt(document: Document, path: Path): unknown {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) return nodeAt(document, path);
  const pair = parent.items.find(
    ({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)),
  );
  return pair?.key ?? nodeAt(document, path);
}

/** Where something is missing, the first word of what it is missing in is marked. */
function firstKey(document: Document, path: Path): unknown {
  const parent = path.length > 0 ? document.getIn(path, true) : document.contents;
  return isMap(parent) && parent.items.length > 0 ? parent.items[0].key : nodeAt(document, path);
}
