/** Two generals who must attack together, and whose messengers may be caught (Gray 1978). */
import { defineProtocol } from '../../protocol/define.ts';
import { events, general, type General } from './general.ts';

interface Roles {
  general: General;
}

export const twoGenerals = defineProtocol<Roles, Record<string, Record<string, boolean>>, object>({
  name: 'two-generals',
  aliases: ['generals'],
  doc: 'Two generals agree on an attack by messengers, with any number of acknowledgements.',
  source: 'Gray: Notes on Data Base Operating Systems, 1978, §5.8.3.3; Akkoyunlu et al., 1975',
  noSpecification: 'an order is answered before it is known what both generals do',
  events,
  roles: { general },
  invariants: {
    'Both Or Neither': {
      doc: 'At dawn both generals attack, or neither does.',
      check({ nodes }) {
        const attacks = nodes.find(({ state }) => state.did === 'attack');
        const stays = nodes.find(({ state }) => state.did === 'stay');
        if (attacks === undefined || stays === undefined) return undefined;
        return `${attacks.id} attacks alone: ${stays.id} did not get message ` +
          `${stays.state.awaits ?? '0, the order'}, and ${attacks.id} cannot know that.`;
      },
    },
    'No Attack Without An Order': {
      doc: 'A general attacks only if an attack was ordered.',
      remember: (): Record<string, boolean> => ({}),
      check({ nodes, invoked, memory }) {
        if (invoked?.name === 'order') memory.ordered = true;
        const early = nodes.find(({ state }) => state.did === 'attack' && !memory.ordered);
        return early && `${early.id} attacks, and no attack was ordered.`;
      },
    },
    'Waits For Its Last Message': {
      doc: 'A general attacks only if it has the last message that can come to it.',
      check({ nodes }) {
        const hasty = nodes.find(
          ({ state }) => state.did === 'attack' && (state.got ?? -1) < (state.awaits ?? -1),
        );
        return hasty && `${hasty.id} attacks without message ${hasty.state.awaits}.`;
      },
    },
  },
});
