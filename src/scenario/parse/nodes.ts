/** The cast of a scenario: nodes with their roles, settings and clocks. */
import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { parseDuration, parseRange } from '../../kernel/text/duration.ts';
import { parseDrift } from '../../kernel/text/rate.ts';
import type { NodeSetup } from '../../kernel/plan.ts';
import type { Json, OptionSpec, Protocol } from '../../protocol/types.ts';
import { reservedWords } from '../commands/command.ts';
import { type Problems } from './positions.ts';
import { parseTruth } from './reader.ts';
import { didYouMean, nearestWord, oneOf } from '../suggest.ts';

const nodesMax = 99;

/** The nodes in the order of the file; `defaults` are the settings for all that have them. */
export function parseNodes(
  nodes: unknown,
  defaults: unknown,
  protocol: Protocol,
  problems: Problems,
): NodeSetup[] {
  const found: NodeSetup[] = [];
  const before = problems.list.length;
  for (const [name, body] of entriesOf(nodes)) {
    for (const id of expandNames(name, problems)) {
      const setup =
        isNewName(id, name, found, problems) && parseNode(id, body, name, protocol, problems);
      if (setup && found.length < nodesMax) found.push(setup);
    }
  }
  if (found.length === 0 && problems.list.length === before && nodes !== undefined) {
    problems.at(nodes, 'a scenario needs a node', 'write `nodes: { n1..n3: ROLE }`');
  }
  if (found.length >= nodesMax) problems.at(nodes, `a scenario has at most ${nodesMax} nodes`);
  const shared = sharedOptions(defaults, protocol, problems);
  return found.map((setup) => withShared(setup, shared, protocol));
}

/** Name and body of each entry of a map or list. */
function entriesOf(nodes: unknown): [unknown, unknown][] {
  if (isMap(nodes)) return nodes.items.map(({ key, value }) => [key, value]);
  return isSeq(nodes) ? nodes.items.map((item) => [item, null]) : [];
}

/** `n1..n5` as five names; any other name alone. */
function expandNames(node: unknown, problems: Problems): string[] {
  const name = isScalar(node) ? String(node.value ?? '') : '';
  const range = /^([A-Za-z_]\w*?)(\d+)\.\.([A-Za-z_]\w*?)(\d+)$/.exec(name);
  if (!range) return [name];
  const [first, last] = [Number(range[2]), Number(range[4])];
  if (range[1] !== range[3] || last < first || last - first >= nodesMax) {
    problems.at(node, `\`${name}\` is no range of names, such as \`n1..n5\``);
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
  if (!/^[A-Za-z_]\w*$/.test(id) || id.length > 40) {
    problems.at(
      node,
      `\`${id}\` is no name for a node`,
      'a name is made of letters, digits and `_`',
    );
    return false;
  }
  if (reservedWords.has(id)) {
    problems.at(node, `a node cannot be named \`${id}\`: that is a word of the command language`);
    return false;
  }
  if (found.some((setup) => setup.id === id)) {
    problems.at(node, `there are two nodes named \`${id}\``);
    return false;
  }
  return true;
}

function parseNode(
  id: string,
  body: unknown,
  name: unknown,
  protocol: Protocol,
  problems: Problems,
): NodeSetup | undefined {
  const map = isMap(body) ? body : undefined;
  if (map === undefined && body !== null && !isScalar(body)) {
    problems.at(body, `\`${id}\` is a role, or a map with a role and settings`);
    return undefined;
  }
  const roleNode = map ? map.get('role', true) : body;
  if (map !== undefined && roleNode !== undefined && !isScalar(roleNode)) {
    problems.at(roleNode, '`role` is the name of a role');
    return undefined;
  }
  const given = isScalar(roleNode) && roleNode.value !== null ? String(roleNode.value) : undefined;
  const roleName = given ?? protocol.defaultRole;
  const roles = Object.keys(protocol.roles);
  if (roleName === undefined) {
    problems.at(name, `\`${id}\` needs a role: ${oneOf(roles)}`);
    return undefined;
  }
  if (!Object.hasOwn(protocol.roles, roleName)) {
    const message = `${protocol.name} has no role \`${roleName}\``;
    problems.at(roleNode, message, didYouMean(roleName, roles) ?? `it has ${oneOf(roles)}`);
    // The node is known all the same: what the steps say of it is read as of the likeliest role.
    return { id, role: nearestWord(roleName, roles) ?? protocol.defaultRole ?? roles[0] };
  }
  if (map === undefined) return { id, role: roleName };
  const options: Record<string, unknown> = {};
  let clock: NodeSetup['clock'];
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    if (key === 'role') continue;
    if (key === 'clock') clock = parseClock(pair.value, problems);
    else
      parseOption(
        pair,
        protocol.roles[roleName].options ?? {},
        `role ${roleName}`,
        options,
        problems,
      );
  }
  return { id, role: roleName, ...(map.items.length > 0 && { options }), ...(clock && { clock }) };
}

function parseClock(node: unknown, problems: Problems): NodeSetup['clock'] {
  if (!isMap(node)) {
    problems.at(node, '`clock` is a map', 'write `clock: { offset: +5ms, drift: 200ppm }`');
    return undefined;
  }
  for (const { key } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === 'offset' || name === 'drift') continue;
    const hint = didYouMean(name, ['offset', 'drift']) ?? 'it has offset and drift';
    problems.at(key, `a clock has no \`${name}\``, hint);
  }
  const clock: { offset?: number; drift?: number } = {};
  const offset = node.get('offset', true);
  const drift = node.get('drift', true);
  if (isScalar(offset)) {
    clock.offset = parseDuration(String(offset.value));
    if (clock.offset === undefined) problems.at(offset, 'an offset is a duration, such as `+5ms`');
  }
  if (isScalar(drift)) {
    clock.drift = parseDrift(String(drift.value));
    if (clock.drift === undefined) problems.at(drift, 'a drift is a rate, such as `200ppm`');
  }
  return clock;
}

type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Reads one setting of a role into `options`. */
function parseOption(
  { key, value }: Pair,
  specs: OptionSpecs,
  owner: string,
  options: Record<string, unknown>,
  problems: Problems,
): void {
  const name = isScalar(key) ? String(key.value) : '';
  if (!Object.hasOwn(specs, name)) {
    const known = Object.keys(specs);
    problems.at(
      key,
      `${owner} has no setting \`${name}\``,
      didYouMean(name, known) ?? `it has ${oneOf(known)}`,
    );
    return;
  }
  const given = isScalar(value) ? (value.value as Json) : null;
  const parsed = optionValue(specs[name], given);
  if (parsed === undefined) {
    const found = isScalar(value) ? `\`${String(given)}\`` : 'that';
    problems.at(value ?? key, `\`${name}\` is ${optionWords(specs[name])}, not ${found}`);
  } else {
    options[name] = parsed;
  }
}

function optionValue(spec: OptionSpec, given: Json): unknown {
  const text = String(given);
  switch (spec.kind) {
    case 'duration': {
      const duration = parseDuration(text);
      return duration !== undefined && duration >= 0 ? duration : undefined;
    }
    case 'range':
      return parseRange(text);
    case 'integer':
      return typeof given === 'number' && Number.isSafeInteger(given) ? given : undefined;
    case 'boolean':
      return typeof given === 'boolean' ? given : parseTruth(text);
    case 'choice':
      return spec.choices.includes(text) ? text : undefined;
  }
}

export function optionWords(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'duration':
      return 'a duration, such as `50ms`';
    case 'range':
      return 'a range of durations, such as `150ms..300ms`';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return '`true` or `false`';
    case 'choice':
      return oneOf(spec.choices.map((choice) => `\`${choice}\``));
  }
}

/** The settings under `options`, by name: each belongs to the roles that have it. */
function sharedOptions(
  node: unknown,
  protocol: Protocol,
  problems: Problems,
): Record<string, unknown> {
  const shared: Record<string, unknown> = {};
  if (!isMap(node)) return shared;
  const specs: OptionSpecs = Object.assign(
    {},
    ...Object.values(protocol.roles).map((role) => role.options ?? {}),
  );
  for (const pair of (node as YAMLMap).items)
    parseOption(pair, specs, protocol.name, shared, problems);
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
