/** A store that elects its leader among the nodes that it can see; and the cure, a majority. */
import { defineProtocol } from '../../protocol/define.ts';
import { client } from '../raft/client.ts';
import { keyValueSpecification } from '../raft/key-value-store.ts';
import { invariants, isLeader } from './invariants.ts';
import { type Losses, lostWrites } from './losses.ts';
import { member } from './member.ts';
import { events } from './state.ts';

export const naiveCluster = defineProtocol({
  name: 'naive-cluster',
  aliases: ['split-brain'],
  doc: 'A cluster whose leader is the first node that is visible, or one that a majority elected.',
  source: 'The split brain of fail-over by visibility; Gifford: Weighted Voting, 1979 (majorities)',
  events,
  specification: keyValueSpecification,
  roles: {
    replica: member('Keeps the data, and leads if it is the first visible node, or elected.', true),
    witness: member('Votes and stores the version of the data, without the data itself.', false),
    client,
  },
  defaultRole: 'replica',
  derivedEvents: {
    SplitBrain: {
      remember: (): { leaders: string[] } => ({ leaders: [] }),
      look({ nodes, memory }) {
        const leading = nodes.filter(isLeader);
        const leaders = leading
          .filter(({ id, state: { term } }) =>
            leading.some((two) => two.id !== id && two.state.term === term),
          )
          .map(({ id }) => id);
        const isNew = leaders.some((id) => !memory.leaders.includes(id));
        memory.leaders = leaders;
        return isNew ? [{ leaders: leaders.join(' and ') }] : [];
      },
      summary: ({ leaders }) => String(leaders),
    },
    WritesLost: {
      remember: (): Losses => ({ answered: [], writes: {} }),
      look(of) {
        const answers = of.events.filter((one) => one.name === 'WriteAnswered');
        return lostWrites(of, answers.map(({ fields }) => fields));
      },
      summary: ({ node, writes, leader }) =>
        `${node} gave up ${writes.join(', ')}, which ${leader} does not have`,
    },
  },
  invariants,
  refuses: ({ type, granted, status }) =>
    (type === 'Vote' && granted === false) || status === 'NOT_LEADER',
});
