/** The limits that a role declares for its settings, and those between two of them. */
import { formatDuration } from '../../kernel/text/duration.ts';
import type { OptionSpec } from '../../protocol/values.ts';
import type { Mistake } from '../problem.ts';

/** What is wrong with a value that is below the minimum or above the maximum of its setting. */
export function outsideLimits(name: string, spec: OptionSpec, value: unknown): Mistake | undefined {
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
    if (high < low) return [];
    const message = `\`${name}\` must be below \`${other}\`, and not ${formatDuration(high)}`;
    const reason = `${formatDuration(low)} is the shortest \`${other}\``;
    const hint = `${reason}. ${spec.doc.replace(/\.$/, '')}`;
    return [{ names: [name, other], mistake: { code: 'bad-setting', message, hint } }];
  });
}

function lengthsOf(
  specs: OptionSpecs,
  options: Readonly<Record<string, unknown>>,
  name: string,
): [number, number] {
  const value = Object.hasOwn(options, name) ? options[name] : specs[name].default;
  return (Array.isArray(value) ? value : [value, value]) as [number, number];
}
