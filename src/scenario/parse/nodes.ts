/** The nodes of a scenario with their roles, settings and clocks. */
import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { parseDuration } from '../../kernel/text/duration.ts';
import { parseDrift } from '../../kernel/text/rate.ts';
import type { NodeSetup } from '../../kernel/plan.ts';
import type { Protocol } from '../../protocol/types.ts';
import { reservedWords } from '../commands/command.ts';
import { valueForms } from '../commands/values.ts';
import { checkReferences, type OptionSpecs, parseOption, type Reference } from './options.ts';
import { nodesMax } from '../../kernel/joining.ts';
import { nameLengthMax, nodeNameMistake } from '../node-names.ts';
import { notBelow, notTogether } from './option-limits.ts';
import { nearestWord, unknownName, useOneOf } from '../suggest.ts';
import { type Problems } from './positions.ts';

const rangeLengthMax = 2 * nameLengthMax + 2;

/** The parts of a file that say which nodes there are. */
export interface NodesPart {
  readonly nodes: unknown;
  readonly options: unknown;
  /** The nodes that are down when the run begins. */
  readonly down: unknown;
}

export interface ParsedNodes {
  /** In the order of the file. A node with a mistake has its most likely meaning. */
  readonly nodes: NodeSetup[];
  /** The settings for all roles that have them. */
  readonly shared: Readonly<Record<string, unknown>>;
  /**
   * The words in names that cannot be parsed: steps may refer to them. Undefined if no name is
   * known.
   */
  readonly unreadNames?: ReadonlySet<string>;
  /** Nodes whose role cannot be guessed: their operations are unknown. */
  readonly withoutRole: ReadonlySet<string>;
}

/** `defaults` are the settings for all roles that have them. */
export function parseNodes(
  { nodes, options: defaults, down }: NodesPart,
  protocol: Protocol,
  problems: Problems,
): ParsedNodes {
  const found: NodeSetup[] = [];
  const bodies: Record<string, unknown> = {};
  const before = problems.list.length;
  const doubt: Doubt = { names: new Set(), roles: new Set(), references: [] };
  for (const [name, body] of entriesOf(nodes)) {
    // Further ones are too many as well; a few ranges can stand for millions of names.
    if (found.length > nodesMax) break;
    const ofNames = problems.list.length;
    for (const id of expandNames(name, problems)) {
      const isMeant = problems.list.length > ofNames;
      if (isMeant && found.some((setup) => setup.id === id)) continue;
      bodies[id] = body;
      if (!isNewName(id, [name, body], found, problems, doubt)) continue;
      const setup = parseNode(id, body, name, protocol, problems, doubt);
      if (found.length <= nodesMax) found.push(setup);
    }
  }
  if (found.length === 0 && problems.list.length === before && nodes !== undefined) {
    const hint = 'write `nodes: { n1..n3: ROLE }`';
    problems.at(nodes, { code: 'no-nodes', message: 'a scenario needs at least one node', hint });
  }
  if (found.length > nodesMax) {
    const message = `a scenario can have at most ${nodesMax} nodes`;
    problems.at(nodes, { code: 'too-many-nodes', message });
  }
  const shared = sharedOptions(defaults, protocol, problems, doubt.references);
  const isRead = ({ node }: Reference) =>
    found.length > 0 && !doubt.names.has(node) && !doubt.roles.has(node);
  checkReferences(doubt.references.filter(isRead), found, problems);
  const off = downNodes(down, found, problems);
  const complete = found.map((setup) => withShared(setup, shared, protocol));
  const reported = new Set<unknown>();
  for (const { id, role, options = {} } of complete) {
    const found = [
      ...notBelow(protocol.roles[role].options ?? {}, options),
      ...notTogether(protocol.roles[role], options),
    ];
    for (const { names, mistake } of found) {
      const place = placeOf(names, bodies[id]) ?? placeOf(names, defaults);
      // A setting for all nodes is reported once; without one, the author of the role chose both.
      if (place !== undefined && !reported.has(place)) problems.at(place, mistake);
      reported.add(place);
    }
  }
  return {
    nodes: complete.map((setup) => (off.has(setup.id) ? { ...setup, down: true } : setup)),
    shared,
    ...(found.length > 0 && { unreadNames: doubt.names }),
    withoutRole: doubt.roles,
  };
}

/** Checks that must wait until all nodes are known, or that reported mistakes make impossible. */
interface Doubt {
  readonly names: Set<string>;
  readonly roles: Set<string>;
  readonly references: Reference[];
}

/** The value of the first of these settings that a map has. */
function placeOf(names: readonly string[], map: unknown): unknown {
  if (!isMap(map)) return undefined;
  const found = names.find((name) => map.has(name));
  return found === undefined ? undefined : map.get(found, true);
}

/** The nodes of a list such as `[n4, n6..n9]`. */
function downNodes(down: unknown, nodes: readonly NodeSetup[], problems: Problems): Set<string> {
  const ids = nodes.map(({ id }) => id);
  const found = new Set<string>();
  for (const item of isSeq(down) ? down.items : []) {
    for (const id of expandNames(item, problems)) {
      if (ids.includes(id)) found.add(id);
      else problems.at(item, unknownName('unknown-node', 'there is no node', id, ids));
    }
  }
  return found;
}

/** Name and body of each entry of a map or list. */
function entriesOf(nodes: unknown): [unknown, unknown][] {
  if (isMap(nodes)) return nodes.items.map(({ key, value }) => [key, value]);
  return isSeq(nodes) ? nodes.items.map((item) => [item, null]) : [];
}

/** `n1..n5` as five names; any other name alone. */
function expandNames(node: unknown, problems: Problems): string[] {
  const name = isScalar(node) ? String(node.value ?? '') : '';
  if (name.length > rangeLengthMax) return [name];
  const range = /^([A-Za-z_]\w*?)(\d+)\.\.([A-Za-z_]\w*?)(\d+)$/.exec(name);
  const [first, last] = range ? [Number(range[2]), Number(range[4])] : [0, 0];
  if (range && range[1] === range[3] && last >= first && last - first < nodesMax) {
    return numbered(range[1], first, last);
  }
  const meant = range ? meantRange(range[1], first, last) : meantNames(name);
  if (meant === undefined) return [name];
  const { names, hint } = meant;
  const message = `\`${name}\` is not a range of names`;
  problems.at(node, { code: 'bad-node-range', message, hint });
  // The nodes exist all the same, so that steps may name them.
  return names;
}

function numbered(prefix: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `${prefix}${first + i}`);
}

interface Meant {
  readonly names: string[];
  readonly hint: string;
}

function meantRange(prefix: string, one: number, other: number): Meant {
  const [first, last] = [Math.min(one, other), Math.max(one, other)];
  if (last - first >= nodesMax) {
    const hint = `it has more than ${nodesMax} names`;
    return { names: numbered(prefix, first, first + nodesMax - 1), hint };
  }
  const hint = `write \`${prefix}${first}..${prefix}${last}\``;
  return { names: numbered(prefix, first, last), hint };
}

/** The meaning of other notations for several nodes: `a..c`, `n1...n3`, `n1-3`, `n1, n2`. */
function meantNames(name: string): Meant | undefined {
  const letters = /^([A-Za-z])\s*(?:\.{2,3}|-)\s*([A-Za-z])$/.exec(name);
  if (letters) {
    const [first, last] = [letters[1].charCodeAt(0), letters[2].charCodeAt(0)];
    const codes = Array.from({ length: Math.max(0, last - first) + 1 }, (_, i) => first + i);
    const names = codes.map((code) => String.fromCharCode(code));
    return { names, hint: 'name each node, or use numbers, such as `n1..n3`' };
  }
  const numbers = /^([A-Za-z_]\w*?)(\d+)\s*(?:\.{2,3}|-)\s*(?:\1)?(\d+)$/.exec(name);
  if (numbers) return meantRange(numbers[1], Number(numbers[2]), Number(numbers[3]));
  const [list, ...rest] = name.split(/\s*,\s*/);
  if (rest.length > 0 && [list, ...rest].every(isName)) {
    return { names: [list, ...rest], hint: `write \`${list}: ROLE\`, and so on for each node` };
  }
  return undefined;
}

/** The words in a name that is not valid, and the names of a range in it. */
function wordsIn(name: string): string[] {
  const [, prefix, first, last] = /([A-Za-z_]\w*?)(\d+)\.\.\1(\d+)/.exec(name) ?? [];
  const range = prefix === undefined ? [] : meantRange(prefix, Number(first), Number(last)).names;
  return [...name.split(/\W+/), ...range];
}

function hasValue(node: unknown): boolean {
  return isMap(node) || (isScalar(node) && node.value !== null);
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

function isNewName(
  id: string,
  [node, body]: readonly [name: unknown, body: unknown],
  found: readonly NodeSetup[],
  problems: Problems,
  doubt: Doubt,
): boolean {
  const taken = found.map((setup) => setup.id);
  const mistake = nodeNameMistake(id, taken, reservedWords);
  if (mistake === undefined) return true;
  if (!taken.includes(id)) {
    for (const word of wordsIn(id.slice(0, rangeLengthMax))) doubt.names.add(word);
  }
  const [first, role, ...more] = id.split(/\s+/);
  const isPair = !hasValue(body) && role !== undefined && more.length === 0 && isName(role);
  const hint = `write a colon before the role: \`${first}: ${role}\``;
  problems.at(node, isPair ? { ...mistake, hint } : mistake);
  return false;
}

function parseNode(
  id: string,
  body: unknown,
  name: unknown,
  protocol: Protocol,
  problems: Problems,
  doubt: Doubt,
): NodeSetup {
  const roles = Object.keys(protocol.roles);
  /** The node exists all the same: its steps are checked as for the most likely role. */
  const likely = (nearest?: string): NodeSetup => {
    if (nearest === undefined) doubt.roles.add(id);
    return { id, role: nearest ?? protocol.defaultRole ?? roles[0] };
  };
  const map = isMap(body) ? body : undefined;
  if (map === undefined && body !== null && !isScalar(body)) {
    problems.badSetting(id, 'a role, or a map with a role and settings', body);
    return likely();
  }
  const roleNode = map ? map.get('role', true) : body;
  if (map !== undefined && roleNode !== undefined && !isScalar(roleNode)) {
    problems.badSetting('role', 'the name of a role', roleNode);
    return likely();
  }
  const given = isScalar(roleNode) && roleNode.value !== null ? String(roleNode.value) : undefined;
  const roleName = given ?? protocol.defaultRole;
  if (roleName === undefined) {
    const message = `the node \`${id}\` needs a role`;
    problems.at(name, { code: 'missing-role', message, hint: useOneOf(roles) });
    return likely();
  }
  if (!Object.hasOwn(protocol.roles, roleName)) {
    const lacks = `${protocol.name} has no role`;
    problems.at(roleNode, unknownName('unknown-role', lacks, roleName, roles));
    return likely(nearestWord(roleName, roles));
  }
  if (map === undefined) return { id, role: roleName };
  return withSettings(id, roleName, map, protocol, problems, doubt.references);
}

function withSettings(
  id: string,
  role: string,
  map: YAMLMap,
  protocol: Protocol,
  problems: Problems,
  references: Reference[],
): NodeSetup {
  const options: Record<string, unknown> = {};
  const specs = protocol.roles[role].options ?? {};
  let clock: NodeSetup['clock'];
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    if (key === 'role') continue;
    if (key === 'clock') clock = parseClock(pair.value, problems);
    else parseOption(pair, specs, `the role ${role}`, { options, references }, problems);
  }
  return { id, role, ...(map.items.length > 0 && { options }), ...(clock && { clock }) };
}

function parseClock(node: unknown, problems: Problems): NodeSetup['clock'] {
  if (!isMap(node)) {
    problems.badSetting('clock', 'a map, such as `{ offset: +5ms, drift: 200ppm }`', node);
    return undefined;
  }
  for (const { key } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === 'offset' || name === 'drift') continue;
    const mistake = unknownName('unknown-setting', 'a clock has no setting', name, clockSettings);
    problems.at(key, mistake);
  }
  const clock: { offset?: number; drift?: number } = {};
  const offset = node.get('offset', true);
  const drift = node.get('drift', true);
  if (isScalar(offset)) {
    clock.offset = parseDuration(String(offset.value));
    if (clock.offset === undefined) {
      problems.badSetting('offset', valueForms.duration('+5ms'), offset);
    }
  }
  if (isScalar(drift)) {
    clock.drift = parseDrift(String(drift.value));
    if (clock.drift === undefined) problems.badSetting('drift', valueForms.rate, drift);
  }
  return clock;
}

const clockSettings = ['offset', 'drift'];

/** The settings under `options`: each applies to all roles that have a setting of that name. */
function sharedOptions(
  node: unknown,
  protocol: Protocol,
  problems: Problems,
  references: Reference[],
): Record<string, unknown> {
  const shared: Record<string, unknown> = {};
  if (!isMap(node)) return shared;
  const specs: OptionSpecs = Object.assign(
    {},
    ...Object.values(protocol.roles).map((role) => role.options ?? {}),
  );
  for (const pair of (node as YAMLMap).items)
    parseOption(pair, specs, protocol.name, { options: shared, references }, problems);
  return shared;
}

function withShared(
  setup: NodeSetup,
  shared: Record<string, unknown>,
  protocol: Protocol,
): NodeSetup {
  const specs = protocol.roles[setup.role].options ?? {};
  const own = Object.entries(shared).filter(([name]) => Object.hasOwn(specs, name));
  if (own.length === 0) return setup;
  return { ...setup, options: { ...Object.fromEntries(own), ...setup.options } };
}
