/** Mutants of SWIM: for each of its invariants a line that a reader of the paper may get wrong. */
import type { BundledMutant } from './bundled.ts';

const swim = (file: string) => ({ protocol: 'swim', file: `swim/${file}` }) as const;

export const swimMutants: Record<string, BundledMutant> = {
  'swim-accuser-raises': {
    doc: 'The accuser raises the incarnation, so that its suspicion overrides what is known.',
    ...swim('probe.ts'),
    line: "hear(node, { member, status: 'suspect', incarnation, by: node.id });",
    broken: "hear(node, { member, status: 'suspect', incarnation: incarnation + 1, by: node.id });",
    violates: 'only its owner raises an incarnation',
  },
  'swim-same-incarnation': {
    doc: 'A refutation has the incarnation of the accusation, which it does not override.',
    ...swim('updates.ts'),
    line: 'state.incarnation = Math.max(state.incarnation, incarnation) + 1;',
    broken: 'state.incarnation = Math.max(state.incarnation, incarnation);',
    violates: 'an accused member refutes',
  },
  'swim-alive-overrides-equal': {
    doc: 'Alive overrides a suspicion with the same incarnation.',
    ...swim('updates.ts'),
    line: 'return i > j;',
    broken: 'return i >= j && (known !== \'alive\' || i > j);',
    violates: 'a view never goes backwards',
  },
  'swim-alive-is-ignored': {
    doc: 'A member that was declared dead does not come back.',
    ...swim('updates.ts'),
    line: 'return i > j;',
    broken: "return i > j && known !== 'dead';",
    violates: 'a member that answers is not held dead',
  },
  'swim-hasty-death': {
    doc: 'The timer of a suspicion runs for half of its timeout.',
    ...swim('suspicion.ts'),
    line: "node.setTimer('suspicion', suspicionTimeout(bounds, 0), member);",
    broken: "node.setTimer('suspicion', bounds.shortest / 2, member);",
    violates: 'a death waits for its suspicion',
  },
  'swim-endless-rumours': {
    doc: 'Updates are passed on for ever.',
    ...swim('dissemination.ts'),
    line: 'state.rumours = state.rumours.filter(({ sent }) => sent < limit);',
    broken: 'if (limit === 0) state.rumours = [];',
    violates: 'an update is sent λ log n times',
  },
  'swim-chooses-at-random': {
    doc: 'Each period probes a member chosen at random, as in §3.1, instead of round robin.',
    ...swim('probe.ts'),
    line: 'if (state.round.length === 0) state.round = shuffle(node, present(state));',
    broken: 'state.round = shuffle(node, present(state));',
    violates: 'each member is probed in 2n − 1 periods',
  },
  'swim-believes-in-acks': {
    doc: 'A probe without an ack changes nothing.',
    ...swim('probe.ts'),
    line: 'if (isAcked || !isPresent(known)) return;',
    broken: 'if (isAcked || !isPresent(known) || known.status === \'alive\') return;',
    violates: 'a crash is suspected in 2n − 1 periods',
  },
  'swim-patient': {
    doc: 'Each failed probe of a suspect begins its suspicion anew.',
    ...swim('probe.ts'),
    line: 'rate(node, probe);',
    broken: 'rate(node, probe); if (!probe.isAcked && node.state.suspicions?.[probe.target]) node.setTimer(\'suspicion\', 9e6, probe.target);',
    violates: 'a suspicion ends in time',
  },
};
