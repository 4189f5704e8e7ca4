/** The limits that a role declares for its settings, and those between two of them. */
import { formatDuration } from '../../kernel/text/duration.ts';
import type { OptionsFault, Role } from '../../protocol/types.ts';
import type { OptionSpec } from '../../protocol/values.ts';
import type { Mistake } from '../problem.ts';

/** What is wrong with a value that is outside the limits of its setting, or between two steps. */
export function outsideLimits(name: string, spec: OptionSpec, value: unknown): Mistake | undefined {
  if (spec.kind === 'duration' && spec.unit !== undefined && Number(value) % spec.unit !== 0) {
    const wholes = `a multiple of ${formatDuration(spec.unit)}`;
    const message = `\`${name}\` must be ${wholes}, and not ${formatDuration(Number(value))}`;
    return { code: 'bad-setting', message, hint: spec.doc.replace(/\.$/, '') };
  }
  if (!('min' in spec || 'max' in spec)) return undefined;
  const { min = -Infinity, max = Infinity, kind, doc } = spec;
  const [low, high] = (Array.isArray(value) ? value : [value, value]) as [number, number];
  const isNumber = kind === 'integer' || kind === 'number';
  const words = (limit: number) => (isNumber ? String(limit) : formatDuration(limit));
  const [found, bound] =
    low < min ? [low, `at least ${words(min)}`] : [high, `at most ${words(max)}`];
  if (low >= min && high <= max) return undefined;
  const message = `\`${name}\` must be ${bound}, and not ${words(found)}`;
  return { code: 'bad-setting', message, hint: doc.replace(/\.$/, '') };
}

/** What is wrong with an item of a list of distinct strings; `before` are the items before it. */
export function notDistinct(
  name: string,
  spec: OptionSpec,
  item: unknown,
  before: readonly unknown[],
): Mistake | undefined {
  if (spec.kind !== 'list' || spec.distinct !== true) return undefined;
  if (item !== '' && !before.includes(item)) return undefined;
  const found = item === '' ? 'has an empty string' : `has \`${String(item)}\` twice`;
  const message = `\`${name}\` ${found}: each item must be different, and none empty`;
  return { code: 'bad-setting', message, hint: spec.doc.replace(/\.$/, '') };
}

type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The settings of a node that are not below another, with the two names of each pair. */
export function notBelow(
  specs: OptionSpecs,
  options: Readonly<Record<string, unknown>>,
): { names: readonly [string, string]; mistake: Mistake }[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const other = 'below' in spec ? spec.below : undefined;
    if (other === undefined || !Object.hasOwn(specs, other)) return [];
    const [low] = lengthsOf(specs, options, other);
    const [, high] = lengthsOf(specs, options, name);
    const times = 'times' in spec ? (spec.times ?? 1) : 1;
    if (high * times < low) return [];
    const what = times === 1 ? `\`${name}\`` : `${times} times \`${name}\``;
    const found = formatDuration(Math.round(high * times));
    const message = `${what} must be below \`${other}\`, and not ${found}`;
    const reason = `${formatDuration(low)} is the shortest \`${other}\``;
    const hint = `${reason}. ${spec.doc.replace(/\.$/, '')}`;
    return [{ names: [name, other], mistake: { code: 'bad-setting', message, hint } }];
  });
}

/** The settings of a node that do not fit together, as its role says. */
export function notTogether(
  role: Role,
  options: Readonly<Record<string, unknown>>,
): { names: readonly string[]; mistake: Mistake }[] {
  const specs: OptionSpecs = role.options ?? {};
  const defaults = Object.entries(specs).map(([name, spec]) => [name, spec.default]);
  const fault = faultOf(role, { ...Object.fromEntries(defaults), ...options });
  if (fault === undefined) return [];
  return [{ names: fault.options, mistake: { code: 'bad-setting', message: fault.why } }];
}

/** Code of a workspace protocol that throws here refuses nothing. */
function faultOf({ optionsFault }: Role, options: object): OptionsFault | undefined {
  try {
    const fault = optionsFault?.(options);
    return Array.isArray(fault?.options) && typeof fault.why === 'string' ? fault : undefined;
  } catch {
    return undefined;
  }
}

function lengthsOf(
  specs: OptionSpecs,
  options: Readonly<Record<string, unknown>>,
  name: string,
): [number, number] {
  const value = Object.hasOwn(options, name) ? options[name] : specs[name].default;
  return (Array.isArray(value) ? value : [value, value]) as [number, number];
}
