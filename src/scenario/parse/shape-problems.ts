/** What does not fit the shape of a scenario file, in terms of the file. */
import * as v from 'valibot';
import { type Document, isMap, isScalar } from 'yaml';
import { valueForms } from '../commands/values.ts';
import type { Mistake } from '../problem.ts';
import { mustBe, nearestWord, shownValue, unknownName } from '../suggest.ts';
import { nodeAt, type Problems } from './positions.ts';
import { networkShape, scenarioShape } from './shape.ts';

type Path = (string | number)[];

/** Checks the file against the shape; steps and expectations are checked word by word elsewhere. */
export function checkShape(value: unknown, document: Document, problems: Problems): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const form = 'a map with `protocol`, `nodes` and `steps`';
    const message = mustBe('a scenario', form, shownValue(value));
    problems.at(document.contents, { code: 'not-a-scenario', message });
    return;
  }
  const meant = new Set<string>();
  for (const path of unknownKeys(value as Record<string, unknown>)) {
    const [known, lacks] =
      path.length > 1
        ? [networkShape.entries, 'the network has no setting']
        : [scenarioShape.entries, 'a scenario has no setting'];
    const name = path.at(-1)!;
    const mistake = unknownName('unknown-setting', lacks, name, Object.keys(known));
    problems.at(keyAt(document, path), mistake);
    if (path.length === 1) meant.add(nearestWord(name, Object.keys(known)) ?? '');
  }
  const result = v.safeParse(scenarioShape, value);
  for (const issue of result.issues ?? []) {
    const path = (issue.path ?? []).map((item) => item.key as string | number);
    if (path[0] === 'steps' && path.length > 1) continue;
    if (path[0] === 'expect' && path.length > 1) continue;
    // Mistakes inside a node or an event are reported where those are parsed.
    const isInside = typeof issue.input === 'object' && issue.input !== null;
    if ((path[0] === 'nodes' || path[0] === 'breakOn') && (isInside || path.length > 1)) continue;
    const isStrict = issue.kind === 'schema' && issue.type === 'strict_object';
    // The library reports only the first unknown key of a map.
    if (isStrict && issue.expected === 'never') continue;
    // A misspelt setting is not also reported as missing.
    if (isStrict && path.length === 1 && meant.has(String(path[0]))) continue;
    report(issue, path, document, problems);
  }
}

/** A file of any size can have an unknown setting on each line. */
const unknownMax = 50;

/** The paths of the settings that do not exist. */
function unknownKeys(scenario: Record<string, unknown>): string[][] {
  const unknownIn = (map: unknown, known: object) =>
    typeof map === 'object' && map !== null && !Array.isArray(map)
      ? Object.keys(map).filter((key) => !Object.hasOwn(known, key)).slice(0, unknownMax)
      : [];
  return [
    ...unknownIn(scenario, scenarioShape.entries).map((key) => [key]),
    ...unknownIn(scenario.network, networkShape.entries).map((key) => ['network', key]),
  ];
}

function report(
  issue: v.BaseIssue<unknown>,
  path: Path,
  document: Document,
  problems: Problems,
): void {
  const key = String(path.at(-1) ?? '');
  const parent = path.slice(0, -1);
  if (issue.kind === 'schema' && issue.type === 'strict_object') {
    if (issue.received === 'undefined') {
      problems.at(firstKey(document, parent), missing(key));
      return;
    }
  }
  const expected =
    issue.kind === 'schema' ? expectedForm(path, issue.expected) : constraintForm(issue);
  const message = mustBe(`\`${key}\``, expected, shownValue(issue.input));
  problems.at(nodeAt(document, path), { code: 'bad-setting', message });
}

/** A setting that is required; `example` is for those that a scenario cannot do without. */
function missing(key: string): Mistake {
  const example = missingExamples[key];
  const hint = example === undefined ? undefined : `add a line such as \`${example}\``;
  return { code: 'missing-setting', message: `\`${key}\` is missing`, hint };
}

const missingExamples: Record<string, string> = {
  protocol: 'protocol: raft',
  nodes: 'nodes: { n1..n3: replica, client: client }',
};

const forms: Record<string, string> = {
  'nodes': 'a map of names to roles, or a list of names',
  'steps': 'a list of commands',
  'expect': 'a list of expectations',
  'measure': 'a map of names to expressions',
  'network': 'a map of settings',
  'options': 'a map of settings',
  'breakOn': 'a list of events',
  'settle': valueForms.duration('10s'),
  'until': 'an event, a condition or a time, such as `10s`',
  'network.latency': valueForms.range('1ms..5ms'),
  'network.loss': valueForms.probability,
  'network.duplicate': valueForms.probability,
};

function expectedForm(path: Path, expected: string | null): string {
  const form = forms[path.join('.')];
  if (form !== undefined) return form;
  return (expected ?? 'something else')
    .replace(/[()]/g, '')
    .split(' | ')
    .map((type) => typeForms[type] ?? type)
    .join(' or ');
}

const typeForms: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  boolean: valueForms.boolean,
  Object: 'a map',
  Array: 'a list',
  null: 'empty',
};

function constraintForm(issue: v.BaseIssue<unknown>): string {
  return issue.type === 'integer' ? valueForms.integer : valueForms.natural;
}

/** The key itself, if a name is wrong. */
function keyAt(document: Document, path: Path): unknown {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) return nodeAt(document, path);
  const pair = parent.items.find(
    ({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)),
  );
  return pair?.key ?? nodeAt(document, path);
}

/** The first key of the map in which something is missing. */
function firstKey(document: Document, path: Path): unknown {
  const parent = path.length > 0 ? document.getIn(path, true) : document.contents;
  return isMap(parent) && parent.items.length > 0 ? parent.items[0].key : nodeAt(document, path);
}
