/** The limits that a role declares for its settings. */
import { formatDuration } from '../../kernel/text/duration.ts';
import type { OptionSpec } from '../../protocol/types.ts';
import type { Mistake } from '../problem.ts';

/** What is wrong with a value that is below the minimum or above the maximum of its setting. */
export function outsideLimits(name: string, spec: OptionSpec, value: unknown): Mistake | undefined {
  if (!('min' in spec || 'max' in spec)) return undefined;
  const { min = -Infinity, max = Infinity, kind, doc } = spec;
  const [low, high] = (Array.isArray(value) ? value : [value, value]) as [number, number];
  const words = (limit: number) => (kind === 'integer' || kind === 'number' ? String(limit) : formatDuration(limit));
  const [found, bound] =
    low < min ? [low, `at least ${words(min)}`] : [high, `at most ${words(max)}`];
  if (low >= min && high <= max) return undefined;
  const message = `\`${name}\` must be ${bound}, and not ${words(found)}`;
  return { code: 'bad-setting', message, hint: doc.replace(/\.$/, '') };
}
