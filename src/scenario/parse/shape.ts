/** The shape of a scenario file: files are checked with it, and the JSON Schema is made from it. */
import * as v from 'valibot';
import { modelNames } from '../history/models.ts';

const string = (doc: string) => v.pipe(v.string(), v.description(doc));
const probability = (doc: string) =>
  v.optional(v.pipe(v.union([v.string(), v.number()]), v.description(doc)));
const word = v.union([v.string(), v.number(), v.boolean()]);
const setting = v.union([word, v.null(), v.array(word)]);

const clock = v.pipe(
  v.strictObject({
    offset: v.optional(string('How far it is ahead of real time, such as `50ms` or `-2s`.')),
    drift: v.optional(string('How much faster than real time it runs, such as `200ppm`.')),
  }),
  v.description('The node’s wall clock, if it is not exact.'),
);

const node = v.union([
  string('The role of the node.'),
  v.pipe(
    v.looseObject({ role: v.optional(string('The role of the node.')), clock: v.optional(clock) }),
    v.description('The role, and settings of this node.'),
  ),
  v.null(),
]);

export const networkShape = v.strictObject({
  latency: v.optional(
    string('How long a message travels, such as `1ms..5ms` or `3ms`. Default `1ms..5ms`.'),
  ),
  loss: probability('The probability that a message is lost, such as `5%`. Default `0%`.'),
  duplicate: probability('The probability that a message arrives twice. Default `0%`.'),
  reorder: v.optional(
    v.pipe(
      v.boolean(),
      v.description('Whether messages on a link may overtake each other. Default `false`.'),
    ),
  ),
});

const eventDoc =
  'An event of the protocol, `EVENT [at NODE] [where CONDITION]`, or the name of an invariant.';
const breakOn = v.union([
  string(eventDoc),
  v.strictObject({
    event: string(eventDoc),
    condition: v.optional(string('A CEL expression: the debugger stops only if it is true.')),
  }),
]);

const expectation = v.union([
  v.pipe(
    v.string(),
    v.regex(/^((no )?event\s|throws(\s|$)|history\s)/),
    v.description(
      '`event NAME [at NODE] [where CONDITION]`, `no event NAME …`, or ' +
        '`throws ["TEXT"] [at NODE] [where CONDITION]` for an error of a handler, or ' +
        '`history [of SPECIFICATION] is [not] MODEL` for the client operations of the run.',
    ),
  ),
  v.pipe(
    v.picklist(modelNames.map((name) => `history is ${name}` as const)),
    v.description('The consistency model that the client operations of the run must satisfy.'),
  ),
  v.strictObject({ always: string('A condition that must hold at every moment.') }),
  v.strictObject({ never: string('A condition that must not hold at any moment.') }),
  v.strictObject({ eventually: string('A condition that must hold at some moment.') }),
  v.strictObject({ end: string('A condition that must hold at the end of the run.') }),
  v.strictObject({ 'at the end': string('The same as `end`.') }),
]);

export const scenarioShape = v.strictObject({
  title: v.optional(string('What the scenario shows, in a few words.')),
  breaks: v.optional(
    string(
      'For a `*.broken.scenario.yaml`: the invariant or the line of `expect` that it violates, ' +
        'which `lockstep test` checks.',
    ),
  ),
  protocol: string('The protocol that the nodes run: `raft`, or a file such as `./lease.ts`.'),
  nodes: v.pipe(
    v.union([v.array(v.string()), v.record(v.string(), node)]),
    v.description(
      'The nodes by name, each with its role: `n1: replica`, or `n1..n5: replica` for five ' +
        'nodes. In a list of names, every node has the protocol’s default role.',
    ),
  ),
  down: v.optional(
    v.pipe(
      v.array(v.string()),
      v.description(
        'The nodes that are down when the run begins, such as `[n4]`: `restart n4` starts one.',
      ),
    ),
  ),
  network: v.optional(v.pipe(networkShape, v.description('How messages travel.'))),
  seed: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(Number.MAX_SAFE_INTEGER),
      v.description('Determines all random choices: the same seed, the same run. Default 0.'),
    ),
  ),
  options: v.optional(
    v.pipe(
      v.record(v.string(), setting),
      v.description('Settings of roles, for all nodes of those roles.'),
    ),
  ),
  steps: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.union([v.string(), v.record(v.string(), word)]),
          v.description(
            'A command: `client put x 1`, `crash n1`, `wait until LeaderElected`, `at 2s: heal`.',
          ),
        ),
      ),
      v.description('The commands of the run, in order, one a line.'),
    ),
  ),
  expect: v.optional(
    v.pipe(
      v.array(expectation),
      v.description('What the run must show; the report has a verdict on each line.'),
    ),
  ),
  measure: v.optional(
    v.pipe(
      v.record(v.string(), v.string()),
      v.description(
        'Figures of the run by their names, each a CEL expression over its end: ' +
          '`retries: count("Retried")`, `left: db.state.committed.items[0].qty`. ' +
          '`count("EVENT [at NODE] [where CONDITION]")` counts events.',
      ),
    ),
  ),
  until: v.optional(
    string(
      'What ends the run after the last step: an event, a condition, or a time such as `10s`. ' +
        'Default: the run ends when it is quiescent, with only heartbeats left.',
    ),
  ),
  settle: v.optional(
    string(
      'How long the run continues after the last step if it does not become quiescent, such as ' +
        '`2s`. Default `10s`.',
    ),
  ),
  breakOn: v.optional(
    v.pipe(
      v.union([v.string(), v.array(breakOn)]),
      v.description('Events and invariants at which the debugger stops.'),
    ),
  ),
});
