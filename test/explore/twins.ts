/** Worlds with equal fingerprints, reached in different ways: do equal choices keep them equal? */
import { worldText } from '../../src/kernel/compare/digest.ts';
import { contentText } from '../../src/kernel/data/plain.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { draw } from '../../src/kernel/keyed-draw.ts';
import type { Action } from '../../src/kernel/action.ts';
import { type FaultBudget, spent } from '../../src/explore/budgets.ts';
import { type Choice, choicesAt, type Setting } from '../../src/explore/choices.ts';
import { Fingerprints } from '../../src/explore/fingerprint/fingerprint.ts';
import type { Part } from '../../src/explore/fingerprint/parts.ts';

export interface Case {
  readonly world: World;
  readonly setting: Setting;
  /** Actions of other kinds that the walk may take, if they are possible. */
  readonly others?: readonly Action[];
}

interface Place {
  readonly world: World;
  readonly left: FaultBudget;
}

/** What differs between two worlds with one fingerprint; undefined if nothing does. */
export function difference(
  { world, setting, others = [] }: Case,
  omitted: readonly Part[],
  { walks, steps }: { walks: number; steps: number },
): { found: string | undefined; pairs: number } {
  const fingerprints = new Fingerprints(setting, new Set(omitted));
  const first = new Map<string, Place>();
  let pairs = 0;
  for (let walk = 0; walk < walks; walk++) {
    let place: Place = { world, left: setting.faults };
    for (let count = 0; count < steps; count++) {
      const name = nameOf(fingerprints, place);
      const known = first.get(name);
      if (known === undefined) first.set(name, place);
      else if (worldText(known.world) !== worldText(place.world)) {
        pairs++;
        const found = compare(known, place, setting, others, fingerprints);
        if (found !== undefined) return { found, pairs };
      }
      const choices = all(place, setting, others);
      if (choices.length === 0) break;
      const choice = choices[draw(walk + 1, count) % choices.length];
      place = take(place, choice)?.place ?? place;
    }
  }
  return { found: undefined, pairs };
}

function all({ world, left }: Place, setting: Setting, others: readonly Action[]): Choice[] {
  const at = world.time;
  return [
    ...choicesAt(world, left, setting),
    ...others.map((one): Choice => ({ actions: [{ ...one, at }] })),
  ];
}

function nameOf(fingerprints: Fingerprints, { world, left }: Place): string {
  const { high, low } = fingerprints.of(world, left);
  return `${high} ${low}`;
}

function take({ world, left }: Place, { actions, fault }: Choice) {
  const child = world.fork();
  const effects = new Effects();
  for (const action of actions) if (!step(child, action, effects)) return undefined;
  return { place: { world: child, left: spent(left, fault) }, effects: effectsText(effects) };
}

/** The draws of a handler are branched over; here both worlds draw the same numbers. */
const draws = [1, 0, 2, 1, 3, 0];

function compare(
  one: Place,
  other: Place,
  setting: Setting,
  others: readonly Action[],
  fingerprints: Fingerprints,
): string | undefined {
  const [left, right] = [one, other].map((place) => {
    return new Map(all(place, setting, others).map((one) => [meaning(place.world, one), one]));
  });
  const names = [left, right].map((choices) => [...choices.keys()].sort().join('\n'));
  if (names[0] !== names[1]) return `choices:\n${names.join('\n---\n')}`;
  for (const [name, choice] of left) {
    const [a, b] = ([[one, choice], [other, right.get(name)!]] as const).map(([place, chosen]) => {
      if (setting.time === 'timed') return take(place, chosen);
      const actions = chosen.actions.map((action) => ({ ...action, draws }));
      return take(place, { ...chosen, actions });
    });
    if (a === undefined || b === undefined) {
      if (a !== b) return `possible: ${name}`;
      continue;
    }
    if (a.effects !== b.effects) return `effects of ${name}: ${a.effects}, ${b.effects}`;
    if (nameOf(fingerprints, a.place) !== nameOf(fingerprints, b.place)) return `after ${name}`;
  }
  return undefined;
}

function meaning(world: World, { actions, fault }: Choice): string {
  return contentText([fault, actions.map((action) => {
    if (!('ordinal' in action)) return action;
    const { type, from, to, at } = action;
    return [type, from, to, at, world.message(action)?.body, world.message(action)?.connection];
  })]);
}

function effectsText(effects: Effects): string {
  const { acted, lost, refused, sent, events, replies, failure, violations, invoked } = effects;
  const messages = sent.map(({ to, body, lost: why }) => [to, body, why]);
  const reasons = violations.map(({ monitor }) => monitor);
  return contentText([
    acted, lost, refused, messages, events, replies.map((one) => ({ ...one, invokedAt: 0 })),
    failure?.message, reasons, invoked?.operation,
  ]);
}
