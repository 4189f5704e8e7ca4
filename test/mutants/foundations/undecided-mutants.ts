/** The mutants of Ben-Or's consensus and of the two generals: each changes one line. */
import type { Mutant } from '../mutant.ts';

export const benOrMutants: Record<string, Mutant> = {
  'ben-or-one-proposal': {
    doc: 'One proposal is enough to decide.',
    in: 'participant.ts',
    line: 'if (count(proposals, proposed) > tolerates) return decide(node, proposed, round);',
    broken: 'if (count(proposals, proposed) > 0) return decide(node, proposed, round);',
    violates: 'Agreement',
  },
  'ben-or-any-value': {
    doc: 'A process decides the other value.',
    in: 'participant.ts',
    line: 'Object.assign(state, { decided: value, value, reports: {}, proposals: {} });',
    broken: 'value = (1 - value) as Bit; Object.assign(state, { decided: value, value, reports: {}, proposals: {} });',
    violates: 'Validity',
  },
  'ben-or-half-of-the-received': {
    doc: 'More than half of the messages that came count, instead of more than half of all.',
    in: 'participant.ts',
    line: 'const half = (peers.length + 1) / 2;',
    broken: 'const half = (reports.length - 1) / 2; peers.includes(node.id);',
    violates: 'One Proposed Value A Round',
  },
  'ben-or-ignores-one': {
    doc: 'A process takes a proposed value only if it decides it.',
    in: 'participant.ts',
    line: 'state.value = proposed;',
    broken: 'if (count(proposals, proposed) > tolerates) state.value = proposed;',
    violates: 'A Decision Binds The Next Round',
  },
  'ben-or-wants-all': {
    doc: 'A value is proposed only if all processes reported it.',
    in: 'participant.ts',
    line: 'const value = ([0, 1] as const).find((bit) => count(reports, bit) > half) ?? null;',
    broken: 'const value = ([0, 1] as const).find((bit) => count(reports, bit) > 2 * half - 1) ?? null;',
    violates: 'A Unanimous Round Proposes',
  },
};

export const generalsMutants: Record<string, Mutant> = {
  'generals-wait-for-nothing': {
    doc: 'A general that has the order attacks, with or without the last acknowledgement.',
    in: 'general.ts',
    line: "state.did = isOrdered && (awaits === null || got === awaits) ? 'attack' : 'stay';",
    broken: "state.did = isOrdered ? 'attack' : 'stay';",
    violates: 'Waits For Its Last Message',
  },
  'generals-attack-anyway': {
    doc: 'A general that knows of no order attacks, too.',
    in: 'general.ts',
    line: 'const isOrdered = state.ordered || got !== null;',
    broken: 'const isOrdered = true;',
    violates: 'No Attack Without An Order',
  },
  'generals-one-less': {
    doc: 'The general that ordered waits for an acknowledgement less than the other one.',
    in: 'general.ts',
    line: 'state.awaits = lastOf(acknowledgements, number % 2);',
    broken: 'state.awaits = lastOf(acknowledgements, number % 2) + 2 * (number % 2);',
    violates: 'Both Or Neither',
  },
};
