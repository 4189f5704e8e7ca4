/** Parses a scenario file: what it means, and every problem in it with its place. */
import { type Document, isMap, isScalar, parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import { defaultNetwork, type NetworkSetup, type NodeSetup } from '../../kernel/plan.ts';
import type { Json, Protocol } from '../../protocol/types.ts';
import { parseProbability } from '../../kernel/text/rate.ts';
import { putSetting } from '../commands/faults.ts';
import { areConnections, onConnections } from '../commands/hosts.ts';
import { parseSpan, valueForms } from '../commands/values.ts';
import type { CommandContext } from '../commands/command.ts';
import { Language } from '../conditions/condition.ts';
import { stateFields } from '../conditions/field-check.ts';
import { parseBreaks } from './breaks.ts';
import { openingComment } from './comments.ts';
import { parseBreakOn, parseExpectations, parseSteps, parseUntil, stepTexts } from './lines.ts';
import { excessOf } from './limits.ts';
import { parseMeasures } from './measures.ts';
import { type ParsedNodes, parseNodes } from './nodes.ts';
import { type Placed, placedText, Problems } from './positions.ts';
import type { Mistake, ProblemCode, ScenarioProblem } from '../problem.ts';
import { isReference } from './protocol-reference.ts';
import type { Scenario, Until } from '../scenario.ts';
import { takeStepLines } from './step-lines.ts';
import { checkShape } from './shape-problems.ts';
import { nearestProtocol, unknownName } from '../suggest.ts';
import { addDuplicateKeys, addYamlProblems, isStructural, nestedTooDeep } from './yaml-problems.ts';

/** What a launch configuration or the command line sets instead of the file. */
export interface Overrides {
  readonly seed?: number;
  /** Settings of the file by their names; maps are merged: `{ network: { loss: '5%' } }`. */
  readonly settings?: Readonly<Record<string, Json>>;
  /** The protocol, if the file names one of the workspace (`protocolReference`). */
  readonly protocol?: Protocol;
}

export interface ParsedScenario {
  /** Absent if the file has errors. */
  readonly scenario?: Scenario;
  readonly problems: readonly ScenarioProblem[];
}

const settleDefault = 10_000_000;

/** Never throws, whatever the file holds. */
export function parseScenario(
  text: string,
  file: string,
  library: readonly Protocol[],
  overrides: Overrides = {},
): ParsedScenario {
  const problems = new Problems(text);
  const taken = overrides.settings?.steps === undefined ? takeStepLines(text) : undefined;
  const document = readDocument(taken?.rest ?? text, problems);
  if (document === undefined) return { problems: problems.list };
  addYamlProblems(document, problems);
  if (problems.list.length > 0 && !isMap(document.contents)) return { problems: problems.list };
  // The steps were taken out; the checks below see an empty list, which is valid.
  if (taken !== undefined && isMap(document.contents)) document.set('steps', new YAMLSeq());
  override(document, overrides);
  const value = plainValue(document, problems);
  if (value === undefined) return { problems: sorted(problems.list) };
  // If the structure itself is wrong, problems that follow from it would only confuse.
  const isBroken = document.errors.some(isStructural);
  const ofYaml = isBroken ? [...problems.list] : [];
  if (!isBroken) checkShape(value, document, problems);
  const scenario = isMap(document.contents)
    ? build(document, file, library, problems, taken?.lines, overrides.protocol)
    : undefined;
  problems.dropAround(ofYaml);
  const hasErrors = problems.list.some(({ severity }) => severity === 'error');
  const list = sorted(problems.list);
  return scenario === undefined || hasErrors ? { problems: list } : { scenario, problems: list };
}

function readDocument(text: string, problems: Problems): Document | undefined {
  const excess = excessOf(text);
  if (excess !== undefined) {
    problems.add(excess.mistake, excess.start, excess.end);
    return undefined;
  }
  try {
    // The library compares each key with all others of its map.
    const options = { prettyErrors: false, logLevel: 'error', uniqueKeys: false } as const;
    const document = parseDocument(text, options);
    addDuplicateKeys(document);
    return document;
  } catch (error) {
    problems.add(unreadable(error), 0, 0);
    return undefined;
  }
}

/** The file as plain data, with a limit on aliases: nine nested ones can stand for gigabytes. */
function plainValue(document: Document, problems: Problems): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? null;
  } catch (error) {
    problems.at(document.contents, unreadable(error));
    return undefined;
  }
}

/** What the YAML library threw; it follows nested brackets by recursion, until the stack ends. */
function unreadable(error: unknown): Mistake {
  if (error instanceof RangeError) return nestedTooDeep;
  const said = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ReferenceError)) {
    return { code: 'yaml-syntax', message: `not valid YAML: ${said}` };
  }
  const alias = /^Unresolved alias .*: (.*)$/.exec(said)?.[1];
  return alias === undefined
    ? { code: 'yaml-alias', message: 'too many aliases', hint: 'write out what they stand for' }
    : { code: 'yaml-alias', message: `there is no anchor \`&${alias}\` before \`*${alias}\`` };
}

function override(document: Document, { seed, settings }: Overrides): void {
  if (!isMap(document.contents)) return;
  for (const [name, value] of Object.entries(settings ?? {})) {
    const old = document.get(name, true);
    if (isMap(old) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, part] of Object.entries(value)) {
        old.set(document.createNode(key), document.createNode(part));
      }
    } else {
      document.set(name, document.createNode(value));
    }
  }
  if (seed !== undefined) document.set('seed', document.createNode(seed));
}

function build(
  document: Document,
  file: string,
  library: readonly Protocol[],
  problems: Problems,
  lines: readonly Placed[] | undefined,
  loaded: Protocol | undefined,
): Scenario | undefined {
  const get = (name: string): unknown => document.get(name, true);
  const protocol = findProtocol(get('protocol'), library, problems, loaded);
  const network = parseNetwork(get('network'), problems);
  if (protocol === undefined) return undefined;
  const part = { nodes: get('nodes'), options: get('options'), down: get('down') };
  const ofNodes = parseNodes(part, protocol, problems);
  const { nodes, shared } = ofNodes;
  noteConnections(get('network'), protocol, nodes, problems);
  const language = new Language(
    nodes.map((node) => node.id),
    stateFields(protocol, nodes),
  );
  // Steps that add nodes add them here, for the steps after them.
  const context: CommandContext = { protocol, nodes: [...nodes], language };
  const before = problems.list.length;
  const steps = parseSteps(lines ?? stepTexts(get('steps'), problems), context, problems);
  const expect = parseExpectations(get('expect'), context, problems);
  const breakOn = parseBreakOn(get('breakOn'), context, problems);
  const until = readUntil(get('until'), context, problems);
  const measures = parseMeasures(get('measure'), context, problems);
  problems.dropSome(before, (problem, text) => followsFrom(ofNodes, problem, text));
  const settle = readSettle(get('settle'), problems);
  const seed = scalar(get('seed'));
  const title = scalar(get('title'));
  const parts = { protocol, steps, expect, ...(until && { until }) };
  const breaks = parseBreaks(get('breaks'), parts, problems);
  const introduction = openingComment(problems.source);
  return {
    title: typeof title === 'string' ? title : baseName(file),
    file,
    ...(introduction !== '' && { introduction }),
    protocol,
    setup: { protocol, seed: typeof seed === 'number' ? seed : 0, nodes, network, shared },
    language,
    steps,
    expect,
    ...(breaks !== undefined && { breaks }),
    ...(until && { until }),
    breakOn,
    measures,
    settle,
  };
}

/** Whether a problem on a line of the file is a consequence of a mistake in the nodes. */
function followsFrom(
  { unreadNames, withoutRole }: ParsedNodes,
  { code, column }: ScenarioProblem,
  line: string,
): boolean {
  if (nameProblems.includes(code)) {
    const word = /^\w*/.exec(line.slice(column - 1))![0];
    return unreadNames === undefined || unreadNames.has(word);
  }
  if (!roleProblems.includes(code) || withoutRole.size === 0) return false;
  return line.split(/\W+/).some((word) => withoutRole.has(word));
}

const nameProblems: readonly ProblemCode[] = [
  'unknown-node',
  'unknown-command',
  'expected-node',
  'cel-unknown-name',
];
const roleProblems: readonly ProblemCode[] = [
  'unknown-operation',
  'expected-operation',
  'unknown-timer',
  'unknown-message',
  'missing-argument',
  'unexpected-argument',
  'bad-argument',
  'cel-unknown-field',
];

function scalar(node: unknown): unknown {
  return isScalar(node) ? node.value : undefined;
}

function baseName(file: string): string {
  return file.replace(/^.*[\\/]/, '').replace(/\.scenario\.ya?ml$/, '');
}

function findProtocol(
  node: unknown,
  library: readonly Protocol[],
  problems: Problems,
  loaded: Protocol | undefined,
): Protocol | undefined {
  const name = scalar(node);
  if (typeof name !== 'string') return undefined;
  // If its file was not loaded, its names are not known, so no step can be called wrong.
  if (isReference(name)) return loaded;
  const found = library.find((protocol) => protocol.name === name);
  if (found === undefined) {
    const names = library.map((protocol) => protocol.name);
    const nearest = nearestProtocol(name, library);
    const unknown = unknownName('unknown-protocol', 'there is no protocol', name, names);
    const hint = nearest === undefined ? unknown.hint : `did you mean \`${nearest}\`?`;
    problems.at(node, { ...unknown, ...(hint !== undefined && { hint }) });
    // The rest is checked as for the most likely protocol, to find its problems as well.
    return library.find((protocol) => protocol.name === nearest);
  }
  return found;
}

function parseNetwork(node: unknown, problems: Problems): NetworkSetup {
  const setup: NetworkSetup = { ...defaultNetwork };
  if (!(node instanceof YAMLMap)) return setup;
  for (const { key, value } of node.items) {
    const name = String(scalar(key));
    const given = scalar(value);
    // The shape check has reported wrong types.
    const isType = name === 'reorder' ? typeof given === 'boolean' : typeof given === 'string';
    const isShare = name === 'loss' || name === 'duplicate';
    if (!Object.hasOwn(setup, name) || !(isType || (isShare && typeof given === 'number')))
      continue;
    const mistake = putSetting(setup, name, String(given));
    if (mistake !== undefined) problems.at(value, mistake);
  }
  return setup;
}

/** Connections neither duplicate nor reorder, so such a setting must have other links. */
function noteConnections(
  node: unknown,
  protocol: Protocol,
  nodes: readonly NodeSetup[],
  problems: Problems,
): void {
  if (!(node instanceof YAMLMap) || !areConnections(protocol, nodes, undefined, undefined)) return;
  for (const { key, value } of node.items) {
    const name = scalar(key);
    const given = scalar(value);
    if (name === 'reorder' && given === true) problems.at(value, onConnections(name));
    const isShare = name === 'duplicate' && parseProbability(String(given)) !== 0;
    if (isShare) problems.at(value, onConnections('duplicate'));
  }
}

function readUntil(node: unknown, context: CommandContext, problems: Problems): Until | undefined {
  if (typeof scalar(node) !== 'string') return undefined;
  const placed = placedText(node, problems.source);
  const parsed = parseUntil(placed.text, context);
  if ('until' in parsed) {
    // One that a launch configuration sets is not in the file.
    const isOfFile = placed.end > placed.offset;
    const range = problems.range(placed.offset, placed.end);
    return isOfFile ? { ...parsed.until, range } : parsed.until;
  }
  problems.fault(placed, parsed.fault);
  return undefined;
}

function readSettle(node: unknown, problems: Problems): number {
  const given = scalar(node);
  if (typeof given !== 'string') return settleDefault;
  const settle = parseSpan(given);
  if (settle === undefined) problems.badSetting('settle', valueForms.duration('10s'), node);
  return settle ?? settleDefault;
}

function sorted(problems: readonly ScenarioProblem[]): ScenarioProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
