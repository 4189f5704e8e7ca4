/** The settings of roles: parsed by their kinds, and checked against what the role declares. */
import { isScalar, isSeq, type Pair } from 'yaml';
import { parseRange } from '../../kernel/text/duration.ts';
import type { NodeSetup } from '../../kernel/plan.ts';
import type { Json, NodeId } from '../../protocol/types.ts';
import type { ListOption, OptionSpec } from '../../protocol/values.ts';
import { parseBoolean, parseSpan, valueForms } from '../commands/values.ts';
import { oneOf, unknownName } from '../suggest.ts';
import { notDistinct, outsideLimits } from './option-limits.ts';
import { type Problems } from './positions.ts';

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** A node that a setting names: whether it exists is known when all nodes are. */
export interface Reference {
  readonly node: NodeId;
  /** The roles of which it must have one. */
  readonly roles?: readonly string[];
  readonly setting: string;
  readonly place: unknown;
}

/** Receives the values of settings. */
export interface ParsedOptions {
  readonly options: Record<string, unknown>;
  readonly references: Reference[];
}

/** Parses one setting of a role. */
export function parseOption(
  { key, value }: Pair,
  specs: OptionSpecs,
  owner: string,
  { options, references }: ParsedOptions,
  problems: Problems,
): void {
  const name = isScalar(key) ? String(key.value) : '';
  if (!Object.hasOwn(specs, name)) {
    const lacks = `${owner} has no setting`;
    problems.at(key, unknownName('unknown-setting', lacks, name, Object.keys(specs)));
    return;
  }
  const spec = specs[name];
  const items = spec.kind === 'list' ? itemsOf(spec, value) : [{ spec, value }];
  if (items === undefined) {
    problems.badSetting(name, listForm(spec as ListOption), value, value ?? key);
    return;
  }
  const before: unknown[] = [];
  const parsed = items.map((item) => {
    const given = isScalar(item.value) ? (item.value.value as Json) : undefined;
    const one = optionValue(item.spec, given);
    if (one === undefined) {
      const form = optionForm(item.spec);
      const whole = spec.kind === 'list' ? `a list in which each item is ${form}` : form;
      problems.badSetting(name, whole, item.value, item.value ?? key);
      return undefined;
    }
    const outside = outsideLimits(name, item.spec, one) ?? notDistinct(name, spec, one, before);
    before.push(one);
    if (outside !== undefined) problems.at(item.value ?? key, outside);
    if (item.spec.kind === 'node' && typeof one === 'string') {
      const { role } = item.spec;
      const roles = role === undefined ? {} : { roles: [role].flat() };
      references.push({ node: one, setting: name, place: item.value, ...roles });
    }
    return outside === undefined ? one : undefined;
  });
  if (parsed.includes(undefined)) return;
  options[name] = spec.kind === 'list' ? parsed : parsed[0];
}

/** The nodes that settings name must exist, and have the role that the setting demands. */
export function checkReferences(
  references: readonly Reference[],
  nodes: readonly NodeSetup[],
  problems: Problems,
): void {
  for (const { node, roles, setting, place } of references) {
    const fit = nodes.filter((one) => roles?.includes(one.role) ?? true).map(({ id }) => id);
    if (fit.includes(node)) continue;
    const isOther = nodes.some(({ id }) => id === node);
    const lacks = isOther
      ? `\`${setting}\` must name a ${roles!.join(' or a ')}, not`
      : 'there is no node';
    problems.at(place, unknownName('unknown-node', lacks, node, fit));
  }
}

type ItemSpec = Exclude<OptionSpec, ListOption>;

interface Item {
  readonly spec: ItemSpec;
  readonly value: unknown;
}

function itemsOf(list: ListOption, value: unknown): Item[] | undefined {
  if (!isSeq(value)) return undefined;
  const spec = itemSpec(list);
  return value.items.map((item) => ({ spec, value: item }));
}

/** The items of a list as settings of their own. */
function itemSpec({ of, min, max, choices, role, doc }: ListOption): ItemSpec {
  const limits = { ...(min !== undefined && { min }), ...(max !== undefined && { max }), doc };
  switch (of) {
    case 'duration':
    case 'integer':
    case 'number':
      return { kind: of, default: 0, ...limits };
    case 'boolean':
      return { kind: of, default: false, doc };
    case 'node':
      return { kind: of, default: null, doc, ...(role !== undefined && { role }) };
    case 'string':
      if (choices === undefined) return { kind: of, default: '', doc };
      return { kind: 'choice', default: '', choices, doc };
  }
}

function optionValue(spec: ItemSpec, given: Json | undefined): unknown {
  if (given === undefined || (given === null && spec.kind !== 'node')) return undefined;
  const text = String(given);
  switch (spec.kind) {
    case 'duration':
      return parseSpan(text);
    case 'range':
      return parseRange(text);
    case 'integer':
      return typeof given === 'number' && Number.isSafeInteger(given) ? given : undefined;
    case 'number':
      return typeof given === 'number' && Number.isFinite(given) ? given : undefined;
    case 'boolean':
      return typeof given === 'boolean' ? given : parseBoolean(text);
    case 'string':
      return text;
    case 'choice':
      return spec.choices.includes(text) ? text : undefined;
    case 'node':
      return given === null ? null : text;
  }
}

function optionForm(spec: ItemSpec): string {
  switch (spec.kind) {
    case 'duration':
      return valueForms.duration('50ms');
    case 'range':
      return valueForms.range('150ms..300ms');
    case 'integer':
      return valueForms.integer;
    case 'number':
      return valueForms.number;
    case 'boolean':
      return valueForms.boolean;
    case 'string':
      return valueForms.string;
    case 'choice':
      return oneOf(spec.choices.map((choice) => `\`${choice}\``));
    case 'node':
      return 'the name of a node';
  }
}

const listExamples: Readonly<Record<ListOption['of'], string>> = {
  duration: '[50ms, 1s]',
  integer: '[1, 2]',
  number: '[0.5, 1]',
  boolean: '[true, false]',
  string: '[a, b]',
  node: '[n1, n2]',
};

function listForm({ of, choices }: ListOption): string {
  return `a list, such as \`${choices ? `[${choices.join(', ')}]` : listExamples[of]}\``;
}
