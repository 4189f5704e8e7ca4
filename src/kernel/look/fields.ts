/** Checks the fields of what `look` returned, one function for each. Only usable parts remain. */
import type { AuthorityLook, HolderLook, IntervalLook, LeaseLook } from '../../protocol/look.ts';
import type { Json, Look } from '../../protocol/types.ts';
import { isPlain, shown } from '../data/shown.ts';
import type { LookProblem } from './problem.ts';
import { logIn } from './log-field.ts';
import { usable, wrong } from './usable.ts';

type Raw = Readonly<Record<string, unknown>>;
type Checks = {
  readonly [Name in keyof Look]-?: (value: unknown, problems: LookProblem[]) => Pick<Look, Name>;
};

const checks: Omit<Checks, 'log'> = {
  standing(value, problems) {
    if (typeof value === 'string') return { standing: value.slice(0, longest) };
    return wrong(problems, 'standing', value, 'a string');
  },
  tone(value, problems) {
    const tone = tones.find((one) => one === value);
    return tone ? { tone } : wrong(problems, 'tone', value, `one of ${tones.join(', ')}`);
  },
  epoch(value, problems) {
    const { name, value: of } = fieldsOf(value);
    if (typeof name === 'string' && (typeof of === 'number' || typeof of === 'string')) {
      return { epoch: { name: name.slice(0, longest), value: short(of) } };
    }
    const expected = "a name and a number or string: { name: 'term', value: 3 }";
    return wrong(problems, 'epoch', value, expected);
  },
  votes(value, problems) {
    const { granted, needed } = fieldsOf(value);
    if (isCount(granted) && isCount(needed)) return { votes: { granted, needed } };
    return wrong(problems, 'votes', value, 'two counts: { granted: 1, needed: 2 }');
  },
  others(value, problems) {
    const given = fieldsOf(value);
    const entries = Object.entries(given).slice(0, othersMost);
    const areStrings = entries.every(([, standing]) => typeof standing === 'string');
    if (isPlain(given) && given === value && areStrings) {
      const others = entries.map(([node, standing]) => [node, short(standing as string)]);
      return { others: Object.fromEntries(others) as Record<string, string> };
    }
    const expected = "strings by the names of nodes: { n2: 'alive', n3: 'suspect' }";
    return wrong(problems, 'others', value, expected);
  },
  lease(value, problems) {
    const leases = oneOrSeveral(value, leaseIn);
    if (leases !== undefined) return { lease: leases };
    const expected =
      "a name and a time in microseconds: { name: 'x', until: 5_000_000 }, or a list of these; " +
      'or, in place of the time, the timer that ends it: ' +
      "{ name: 'x', timer: 'expiry', key: 'x' }; " +
      'in addition, it may have a string as `of`';
    return wrong(problems, 'lease', value, expected);
  },
  holder(value, problems) {
    const holders = oneOrSeveral(value, holderIn);
    if (holders !== undefined) return { holder: holders };
    const expected =
      "what is held and by which node: { of: 'x', is: 'A' }, or a list of these; " +
      'in addition, each may have own, token, next, shared, needed and version';
    return wrong(problems, 'holder', value, expected);
  },
  authority(value, problems) {
    const authority = authorityIn(value);
    if (authority !== undefined) return { authority };
    const expected = 'an object that may have a version: {} or { version: 5 }';
    return wrong(problems, 'authority', value, expected);
  },
  interval(value, problems) {
    const interval = intervalIn(fieldsOf(value));
    if (interval !== undefined) return { interval };
    const expected =
      'a name and four numbers: ' +
      "{ name: 'TT.now()', correction: 0, uncertainty: 1_000, at: 0, growth: 0.0002 }";
    return wrong(problems, 'interval', value, expected);
  },
  value(value, problems) {
    return { value: usable('value', value, problems) };
  },
  token(value, problems) {
    if (typeof value === 'number' && Number.isFinite(value)) return { token: value };
    return wrong(problems, 'token', value, 'a number');
  },
  facts(value, problems) {
    if (typeof value !== 'object' || value === null || !isPlain(value)) {
      return wrong(problems, 'facts', value, 'an object');
    }
    const facts: Record<string, Json> = {};
    for (const name of Object.keys(value).slice(0, factsMost)) {
      facts[name] = usable(`facts.${name}`, (value as Raw)[name], problems);
    }
    return { facts };
  },
};

const known = [...Object.keys(checks), 'log'];

/** `entries` is how many entries of a log are read to check them. */
export function checkedFields(raw: Raw, entries: number, problems: LookProblem[]): Look {
  const look: Look = {};
  for (const [name, check] of Object.entries(checks)) {
    const value = raw[name];
    if (value !== undefined) Object.assign(look, check(value, problems));
  }
  if (raw.log !== undefined) Object.assign(look, logIn(raw.log, entries, problems));
  const field = Object.keys(raw).find((name) => !known.includes(name));
  if (field !== undefined) problems.push({ type: 'unknown field', field: shown(field, 40), known });
  return look;
}

const longest = 100;
const tones = ['lead', 'bid', 'follow', 'none'] as const;
/** More would not fit into a panel. */
const factsMost = 50;
/** A scenario has fewer nodes. */
const othersMost = 100;

function fieldsOf(value: unknown): Raw {
  return typeof value === 'object' && value !== null ? (value as Raw) : {};
}

function short(text: number | string): number | string {
  return typeof text === 'string' ? text.slice(0, longest) : text;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Undefined if one of them is not usable. */
function oneOrSeveral<One>(
  value: unknown,
  read: (fields: Raw) => One | undefined,
): One[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value.slice(0, factsMost) : [value];
  const all = list.map((one) => read(fieldsOf(one)));
  return all.includes(undefined) ? undefined : (all as One[]);
}

function leaseIn({ name, until, timer, key, of }: Raw): LeaseLook | undefined {
  if (typeof name !== 'string') return undefined;
  if (of !== undefined && typeof of !== 'string') return undefined;
  const held = of === undefined ? {} : { of: of.slice(0, longest) };
  const named = { name: name.slice(0, longest), ...held };
  if (typeof timer !== 'string') return isNumber(until) ? { ...named, until } : undefined;
  if (until !== undefined || (key !== undefined && typeof key !== 'string')) return undefined;
  return { ...named, timer, ...(key !== undefined && { key }) };
}

function intervalIn({ name, ...numbers }: Raw): IntervalLook | undefined {
  const [correction, uncertainty, at, growth] =
    ['correction', 'uncertainty', 'at', 'growth'].map((field) => numbers[field]);
  if (typeof name !== 'string') return undefined;
  if (!isNumber(correction) || !isNumber(uncertainty)) return undefined;
  if (!isNumber(at) || !isNumber(growth)) return undefined;
  return { name: name.slice(0, longest), correction, uncertainty, at, growth };
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** Undefined if a part is not usable, or if it has a part that is not known. */
function holderIn(raw: Raw): HolderLook | undefined {
  const { of, is } = raw;
  if (typeof of !== 'string' || typeof is !== 'string') return undefined;
  const holder: Raw = { ...raw, of: of.slice(0, longest), is: is.slice(0, longest) };
  const isUsable = Object.entries(raw).every(([name, value]) => {
    if (value === undefined) return true;
    return Object.hasOwn(holderParts, name) && holderParts[name as keyof HolderLook](value);
  });
  return isUsable ? (given(holder) as unknown as HolderLook) : undefined;
}

const holderParts: Record<keyof HolderLook, (value: unknown) => boolean> = {
  of: (value) => typeof value === 'string',
  is: (value) => typeof value === 'string',
  own: (value) => typeof value === 'boolean',
  token: isNumber,
  next: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  shared: (value) => typeof value === 'boolean',
  needed: isCount,
  version: isNumber,
};

function authorityIn(value: unknown): AuthorityLook | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { version, ...others } = value as Raw;
  if (Object.keys(others).length > 0) return undefined;
  return version === undefined || isNumber(version) ? given({ version }) : undefined;
}

/** Without the fields that are undefined. */
function given(fields: Raw): Raw {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
