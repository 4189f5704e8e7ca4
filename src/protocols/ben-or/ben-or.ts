/** Consensus without clocks, by coin flips (Ben-Or 1983), and without coins never for certain. */
import { defineProtocol } from '../../protocol/define.ts';
import type { NodeId } from '../../protocol/types.ts';
import { participant } from './participant.ts';
import { type Bit, events } from './state.ts';
import { specification } from './consensus-object.ts';

export const benOr = defineProtocol({
  name: 'ben-or',
  aliases: ['flp', 'coin'],
  doc: 'Processes agree on 0 or 1 without clocks: with a coin they do, without one perhaps never.',
  source: 'Ben-Or: Another Advantage of Free Choice, PODC 1983, Protocol A; Fischer, Lynch, ' +
    'Paterson: Impossibility of Distributed Consensus with One Faulty Process, JACM 1985',
  specification,
  events,
  roles: { participant },
  invariants: {
    'Agreement': {
      doc: 'All processes that decide, decide the same value.',
      check({ nodes }) {
        const [zero, one] = ([0, 1] as const).map((bit) =>
          nodes.find(({ state }) => state.decided === bit)?.id,
        );
        if (zero === undefined || one === undefined) return undefined;
        return `${zero} decided 0, and ${one} decided 1.`;
      },
    },
    'Validity': {
      doc: 'The value that is decided was proposed by some process at first.',
      remember: (): { proposed: Bit[] } => ({ proposed: [] }),
      check({ acted, events: reported, memory: { proposed } }) {
        for (const event of reported) {
          if (event.name === 'RoundBegun' && event.fields.round === 1) {
            proposed.push(event.fields.value);
          }
          if (event.name !== 'Decided' || proposed.includes(event.fields.value)) continue;
          return `${acted!.id} decided ${event.fields.value}, which no process proposed.`;
        }
        return undefined;
      },
    },
    'One Proposed Value A Round': {
      doc: 'All values that are proposed in one round are the same.',
      remember: (): Record<number, { by: NodeId; value: Bit }> => ({}),
      check({ acted, events: reported, memory }) {
        for (const event of reported) {
          if (event.name !== 'Proposed' || event.fields.value === null) continue;
          const { round, value } = event.fields;
          const first = (memory[round] ??= { by: acted!.id, value });
          if (first.value === value) continue;
          const others = `${first.by} proposed ${first.value}`;
          return `In round ${round}, ${others}, and ${acted!.id} proposed ${value}.`;
        }
        return undefined;
      },
    },
    'A Decision Binds The Next Round': {
      doc: 'If a process decides in a round, all others begin the next one with that value.',
      remember: (): { decided: Record<number, Bit>; begun: Record<number, [NodeId, Bit][]> } =>
        ({ decided: {}, begun: {} }),
      check({ acted, events: reported, memory: { decided, begun } }) {
        for (const event of reported) {
          if (event.name === 'Decided' && event.fields.round !== null) {
            decided[event.fields.round] = event.fields.value;
          }
          if (event.name === 'RoundBegun') {
            (begun[event.fields.round] ??= []).push([acted!.id, event.fields.value]);
          }
          if (event.name !== 'Decided' && event.name !== 'RoundBegun') continue;
          const { round } = event.fields;
          if (round === null) continue;
          const last = event.name === 'Decided' ? round : round - 1;
          const value = decided[last];
          const other = value !== undefined && begun[last + 1]?.find(([, one]) => one !== value);
          if (!other) continue;
          const next = `${other[0]} began the next with ${other[1]}`;
          return `${value} was decided in round ${last}, and ${next}.`;
        }
        return undefined;
      },
    },
    'A Unanimous Round Proposes': {
      doc: 'If all processes begin a round with one value, each of them proposes it.',
      remember: (): Record<number, Record<NodeId, Bit>> => ({}),
      check({ acted, nodes, events: reported, memory }) {
        for (const event of reported) {
          if (event.name === 'RoundBegun') {
            (memory[event.fields.round] ??= {})[acted!.id] = event.fields.value;
          }
          if (event.name !== 'Proposed' || event.fields.value !== null) continue;
          const { round } = event.fields;
          const values = Object.values(memory[round] ?? {});
          if (values.length < nodes.length || new Set(values).size > 1) continue;
          return `All began round ${round} with ${values[0]}, but ${acted!.id} proposed no value.`;
        }
        return undefined;
      },
    },
  },
});
