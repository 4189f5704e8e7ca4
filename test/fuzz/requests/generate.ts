/** Sequences of requests from a seed: most follow the life of a session, some none at all. */
import { Random } from '../random.ts';
import { argumentsFor, knownCommands, randomCommand } from './arguments.ts';
import type { Step, Then } from './steps.ts';

export function generated(seed: number): Step[] {
  const random = new Random(seed);
  const wrongShare = random.pick([0.05, 0.2, 0.5]);
  if (random.chance(0.12)) return disorder(random, wrongShare);
  const steps = [...opening(random, wrongShare), ...middle(random, wrongShare)];
  if (random.chance(0.15)) steps.push(...closing(random));
  return steps;
}

const step = (
  command: string,
  random: Random,
  wrongShare: number,
  then: Then = 'answer',
): Step => [command, argumentsFor(command, random, wrongShare), then];

/** How a session begins; sometimes a request is missing, doubled or too early. */
function opening(random: Random, wrongShare: number): Step[] {
  const isOrderly = random.chance(0.7);
  const share = isOrderly ? 0 : wrongShare;
  const order = ['initialize', 'launch', 'setBreakpoints', 'setExceptionBreakpoints'];
  const commands = [
    ...order.slice(0, 2),
    ...order.slice(2).filter(() => random.chance(0.4)),
    'configurationDone',
  ];
  const steps = commands.map((command) =>
    step(command, random, share, command === 'configurationDone' ? 'stop' : 'answer'),
  );
  if (isOrderly) return steps;
  const at = random.below(steps.length);
  const [chosen] = steps.slice(at);
  const rest = steps.filter((_, index) => index !== at);
  const early = step(
    random.pick(['terminate', 'configurationDone', 'pause', 'launch', 'restart', 'next', 'disconnect']),
    random,
    share,
    random.pick<Then>(['answer', 'none', 'stop']),
  );
  return random.pick([
    rest,
    [...rest, chosen],
    [...steps.slice(0, at), [chosen[0], chosen[1], 'none'], chosen, ...steps.slice(at + 1)],
    [...steps.slice(0, at), early, ...steps.slice(at)],
    steps.map(([command, args]): Step => [command, args, 'none']),
  ]);
}

function middle(random: Random, wrongShare: number): Step[] {
  const hurry = random.pick([0, 0.1, 0.4]);
  return Array.from({ length: random.between(6, 26) }, () => {
    const command = randomCommand(random);
    const then: Then = random.chance(hurry) ? 'none' : random.chance(0.85) ? 'stop' : 'answer';
    return step(command, random, wrongShare, then);
  });
}

function closing(random: Random): Step[] {
  const commands = ['terminate', 'next', 'continue', 'restart', 'terminate', 'disconnect', 'launch'];
  return Array.from({ length: random.between(1, 5) }, () =>
    step(random.pick(commands), random, 0.1, random.pick<Then>(['stop', 'none', 'answer'])),
  );
}

/** Requests in no order at all. */
function disorder(random: Random, wrongShare: number): Step[] {
  return Array.from({ length: random.between(3, 20) }, () => {
    const command = random.chance(0.5) ? random.pick(knownCommands) : randomCommand(random);
    return step(command, random, wrongShare, random.pick<Then>(['answer', 'stop', 'none']));
  });
}
