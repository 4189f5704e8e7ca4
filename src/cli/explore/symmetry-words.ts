/** What a search says of nodes that are alike. */
import type { NoSymmetry, Symmetry } from '../../explore/verdict.ts';
import { reasonText, type ReasonTexts } from './reason-words.ts';

/** How the options are called where the user sets them. */
type OptionNames = Readonly<Record<'untimed' | 'leads to', string>>;

const whyNone: ReasonTexts<NoSymmetry, OptionNames> = {
  timed: (_, names) => `latencies and timers are drawn for each of them (${names.untimed})`,
  draws: () => 'the losses of links are drawn for each of them',
  'leads-to': (_, names) => `${names['leads to']} follows the one run that the seed draws`,
  connections: () => 'the protocol has connections',
  history: () => 'a history of operations is judged, which has an order',
  named: () => 'the scenario or the search names them, or they have different options',
  'choosing-step': ({ text }) =>
    `a step draws or adds nodes, or takes the first that fits: ${text}`,
  'told-apart': ({ names: [one, other], where }) =>
    `${where} has another effect if ${one} and ${other} change places; compare names for ` +
    'equality only, and keep a set of them as the keys of an object',
};

export function symmetryText(symmetry: Symmetry, names: OptionNames): string {
  if ('alike' in symmetry) {
    return symmetry.alike.map((ids) => `symmetry: ${groupText(ids)} are alike`).join('; ');
  }
  return `no symmetry: ${reasonText(whyNone, symmetry.none, names)}`;
}

/** As a scenario names them: `r1..r5`, or one by one. */
function groupText(ids: readonly string[]): string {
  const parts = ids.map((id) => /^(.*?)(\d+)$/.exec(id));
  const isRange = ids.length > 2 && parts.every((part, i) => {
    const [, name, number] = parts[0] ?? [];
    return part !== null && part[1] === name && Number(part[2]) === Number(number) + i;
  });
  if (isRange) return `${ids[0]}..${ids.at(-1)}`;
  return `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}
