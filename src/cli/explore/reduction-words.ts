/** Why a search took all actions of each state, also those that commute with others. */
import type { NoReduction } from '../../explore/verdict.ts';
import { reasonText, type ReasonTexts } from './reason-words.ts';

/** How the options are called where the user sets them. */
type OptionNames = Readonly<Record<
  'reduction' | 'leads to' | 'within' | 'depth' | 'messages', string
>>;

const whyNone: ReasonTexts<NoReduction, OptionNames> = {
  off: (_, { reduction }) => `turned off by ${reduction}`,
  coverage: () => 'coverage counts what each action does',
  few: () => 'too few of the first actions commute',
  timed: () => 'all actions share the time',
  draws: () => 'actions share the random values of the seed',
  symmetry: () => 'states stand for those of nodes that are alike',
  'look-ups': () => 'steps are looked up in tables, which takes less time',
  'leads-to': (_, names) => `${names['leads to']} depends on the run to a state`,
  within: (_, { within }) => `${within} may be false after only one of two actions that commute`,
  depth: (_, { depth }) => `${depth} depends on the run to a state`,
  messages: () => 'messages stay in flight, and are counted',
  monitors: () => 'something other than promises and events is observed',
  connections: () => 'the protocol has connections',
  broken: () => 'a promise that is not searched for was broken, which is remembered',
  eventually: ({ text }) => `\`${text}\` may be true on the way`,
  until: ({ text }) => `\`until: ${text}\` may be true on the way`,
};

export function noReductionText(why: NoReduction, names: OptionNames): string {
  return `no reduction: ${reasonText(whyNone, why, names)}`;
}
