/** The shape of a scenario file, declared once: it checks files and makes the JSON Schema. */
import * as v from 'valibot';

const text = v.string();
const textOrNumber = v.union([v.string(), v.number()]);
const setting = v.union([v.string(), v.number(), v.boolean()]);
const duration = (doc: string) =>
  v.pipe(v.string(), v.description(`${doc}, such as \`50ms\` or \`2s\`.`));

const clock = v.pipe(
  v.strictObject({
    offset: v.optional(duration('How far the wall clock is ahead of real time')),
    drift: v.optional(v.pipe(text, v.description('How fast it gains, such as `200ppm`.'))),
  }),
  v.description('The node’s wall clock, where it is not exact.'),
);

const node = v.union([
  v.pipe(text, v.description('The role of the node.')),
  v.pipe(
    v.looseObject({
      role: v.optional(v.pipe(text, v.description('The role of the node.'))),
      clock: v.optional(clock),
    }),
    v.description('The role, with settings of this node alone.'),
  ),
  v.null(),
]);

export const networkShape = v.strictObject({
  latency: v.optional(
    v.pipe(
      text,
      v.description('How long a message travels: `1ms..5ms`, or `3ms`. Default `1ms..5ms`.'),
    ),
  ),
  loss: v.optional(
    v.pipe(
      textOrNumber,
      v.description('The share of messages that is lost, such as `5%`. Default none.'),
    ),
  ),
  duplicate: v.optional(
    v.pipe(textOrNumber, v.description('The share of messages that arrives twice. Default none.')),
  ),
  reorder: v.optional(
    v.pipe(
      v.boolean(),
      v.description('Whether a later message may overtake an earlier one on its link. Default no.'),
    ),
  ),
});

const eventDoc = 'An event of the protocol, `EVENT [at NODE] [where CONDITION]`, or an invariant.';
const breakOn = v.union([
  v.pipe(text, v.description(eventDoc)),
  v.strictObject({
    event: v.pipe(text, v.description(eventDoc)),
    condition: v.optional(
      v.pipe(text, v.description('A CEL expression; it stops where this is true.')),
    ),
  }),
]);

const expectation = v.union([
  v.pipe(
    text,
    v.regex(/^(no )?event\s/),
    v.description('`event NAME [at NODE] [where CONDITION]`, or `no event NAME …`.'),
  ),
  v.strictObject({
    always: v.pipe(text, v.description('A condition that holds at every moment.')),
  }),
  v.strictObject({ never: v.pipe(text, v.description('A condition that holds at no moment.')) }),
  v.strictObject({
    eventually: v.pipe(text, v.description('A condition that holds at some moment.')),
  }),
  v.strictObject({
    end: v.pipe(text, v.description('A condition that holds at the end of the run.')),
  }),
  v.strictObject({ 'at the end': v.pipe(text, v.description('The same as `end`.')) }),
]);

export const scenarioShape = v.strictObject({
  title: v.optional(v.pipe(text, v.description('What the scenario shows, in a few words.'))),
  protocol: v.pipe(text, v.description('The protocol that the nodes run, such as `raft`.')),
  nodes: v.pipe(
    v.union([v.array(text), v.record(v.string(), node)]),
    v.description(
      'The nodes by name, each with its role: `n1: replica`. `n1..n5: replica` names five; ' +
        'a list of names takes the protocol’s default role.',
    ),
  ),
  network: v.optional(v.pipe(networkShape, v.description('How messages travel.'))),
  seed: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(Number.MAX_SAFE_INTEGER),
      v.description('Fixes all chance: the same seed is the same run. Default 0.'),
    ),
  ),
  options: v.optional(
    v.pipe(
      v.record(v.string(), setting),
      v.description('Settings of the roles, for all nodes that have them.'),
    ),
  ),
  steps: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.union([v.string(), v.record(v.string(), setting)]),
          v.description(
            'A command: `client put x 1`, `crash n1`, `wait until LeaderElected`, `at 2s: heal`.',
          ),
        ),
      ),
      v.description('What is done, in order, one command a line.'),
    ),
  ),
  expect: v.optional(
    v.pipe(
      v.array(expectation),
      v.description('What the run must show; one that does not is reported with why.'),
    ),
  ),
  until: v.optional(
    v.pipe(
      text,
      v.description(
        'Where the run ends after the last step: an event, a condition, or a moment such as ' +
          '`10s`. Default: when nothing but heartbeats is left.',
      ),
    ),
  ),
  settle: v.optional(
    duration('How long a cluster that never calms down goes on after the last step; default `10s`'),
  ),
  breakOn: v.optional(
    v.pipe(
      v.union([text, v.array(breakOn)]),
      v.description('Events at which the debugger stops from the first run on.'),
    ),
  ),
});

export type ScenarioShape = v.InferOutput<typeof scenarioShape>;
