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
import { notBelow } from './option-limits.ts';
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
  readonly nodes: NodeSetup[];
  /** The settings for all roles that have them. */
  readonly shared: Readonly<Record<string, unknown>>;
}

/** The nodes in the order of the file; `defaults` are the settings for all roles that have them. */
export function parseNodes(
  { nodes, options: defaults, down }: NodesPart,
  protocol: Protocol,
  problems: Problems,
): ParsedNodes {
  const found: NodeSetup[] = [];
  const bodies: Record<string, unknown> = {};
  const references: Reference[] = [];
  const before = problems.list.length;
  for (const [name, body] of entriesOf(nodes)) {
    // Further ones are too many as well; a few ranges can stand for millions of names.
    if (found.length > nodesMax) break;
    for (const id of expandNames(name, problems)) {
      const setup =
        isNewName(id, name, found, problems) &&
        parseNode(id, body, name, protocol, problems, references);
      if (setup && found.length <= nodesMax) found.push(setup);
      bodies[id] = body;
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
  const shared = sharedOptions(defaults, protocol, problems, references);
  checkReferences(references, found, problems);
  const off = downNodes(down, found, problems);
  const complete = found.map((setup) => withShared(setup, shared, protocol));
  const reported = new Set<unknown>();
  for (const { id, role, options = {} } of complete) {
    for (const { names, mistake } of notBelow(protocol.roles[role].options ?? {}, options)) {
      const place = placeOf(names, bodies[id]) ?? placeOf(names, defaults);
      // A setting for all nodes is reported once; without one, the author of the role chose both.
      if (place !== undefined && !reported.has(place)) problems.at(place, mistake);
      reported.add(place);
    }
  }
  return {
    nodes: complete.map((setup) => (off.has(setup.id) ? { ...setup, down: true } : setup)),
    shared,
  };
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
  if (!range) return [name];
  const [first, last] = [Number(range[2]), Number(range[4])];
  if (range[1] !== range[3] || last < first || last - first >= nodesMax) {
    const message = `\`${name}\` is not a range of names`;
    problems.at(node, { code: 'bad-node-range', message, hint: 'write `n1..n5`' });
    return [];
  }
  return Array.from({ length: last - first + 1 }, (_, i) => `${range[1]}${first + i}`);
}

function isNewName(
  id: string,
  node: unknown,
  found: readonly NodeSetup[],
  problems: Problems,
): boolean {
  const taken = found.map((setup) => setup.id);
  const mistake = nodeNameMistake(id, taken, reservedWords);
  if (mistake !== undefined) problems.at(node, mistake);
  return mistake === undefined;
}

function parseNode(
  id: string,
  body: unknown,
  name: unknown,
  protocol: Protocol,
  problems: Problems,
  references: Reference[],
): NodeSetup | undefined {
  const map = isMap(body) ? body : undefined;
  if (map === undefined && body !== null && !isScalar(body)) {
    problems.badSetting(id, 'a role, or a map with a role and settings', body);
    return undefined;
  }
  const roleNode = map ? map.get('role', true) : body;
  if (map !== undefined && roleNode !== undefined && !isScalar(roleNode)) {
    problems.badSetting('role', 'the name of a role', roleNode);
    return undefined;
  }
  const given = isScalar(roleNode) && roleNode.value !== null ? String(roleNode.value) : undefined;
  const roleName = given ?? protocol.defaultRole;
  const roles = Object.keys(protocol.roles);
  if (roleName === undefined) {
    const message = `the node \`${id}\` needs a role`;
    problems.at(name, { code: 'missing-role', message, hint: useOneOf(roles) });
    return undefined;
  }
  if (!Object.hasOwn(protocol.roles, roleName)) {
    const lacks = `${protocol.name} has no role`;
    problems.at(roleNode, unknownName('unknown-role', lacks, roleName, roles));
    // The node exists all the same: its steps are checked as for the most likely role.
    return { id, role: nearestWord(roleName, roles) ?? protocol.defaultRole ?? roles[0] };
  }
  if (map === undefined) return { id, role: roleName };
  return withSettings(id, roleName, map, protocol, problems, references);
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
