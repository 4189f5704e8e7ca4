/** A property that broke: why, and at which step; or that could not be looked at. */
import { formatMoment } from '../kernel/text/duration.ts';
import type { Violation } from '../kernel/effects.ts';
import { variantOf, halt } from '../kernel/handler.ts';
import { checkPlain } from '../kernel/data/seal.ts';
import { thrownStack, thrownText } from '../kernel/data/thrown.ts';
import type { World } from '../kernel/world.ts';
import type { Micros } from '../protocol/types.ts';

export interface Broken {
  readonly why: string;
  readonly step: number;
  readonly time: Micros;
}

export function brokenAt(world: World, what: string): Broken {
  const { step, time } = world;
  return { why: `${what} (step ${step}, ${formatMoment(time)})`, step, time };
}

/** The first memory of an invariant or a derived event, which must be plain data to be copied. */
export function remembered(of: { remember?(): unknown }): unknown {
  const memory = variantOf(of.remember)?.();
  checkPlain(memory, 'memory', 'memories');
  return memory;
}

/** The violation that reports what the code of an invariant or a derived event threw. */
export function failure(
  error: unknown,
  kind: 'invariant' | 'derived event',
  name: string,
): Violation {
  if (error === halt) throw error;
  const stack = thrownStack(error) ?? '';
  return { monitor: name, why: `the ${kind} itself failed: ${thrownText(error)}`, stack };
}
