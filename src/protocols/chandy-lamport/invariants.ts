/** What a snapshot promises: all money is in it once, and the cut is one that could have been. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observation } from '../../protocol/types.ts';
import type { Branch } from './state.ts';

export interface Roles {
  branch: Branch;
}

const ofBank = invariant<Roles>();

interface Total {
  /** All money at the start; null before the first step. */
  total: number | null;
}

export const unknownTotal = (): Total => ({ total: null });

/** The snapshots that were taken in this step with more or less money than there is. */
export function miscounted(
  { nodes, events, memory }: Pick<Observation<Total, Roles>, 'nodes' | 'events' | 'memory'>,
): { snapshot: string; sum: number; total: number }[] {
  const total = (memory.total ??= moneyAtFirst(nodes, events));
  return events.flatMap((event) => {
    if (event.name !== 'SnapshotTaken' || event.fields.sum === total) return [];
    return [{ snapshot: event.fields.snapshot, sum: event.fields.sum, total }];
  });
}

/** The money at the start, from what there is after the first step and what that step moved. */
function moneyAtFirst(
  nodes: Observation<Total, Roles>['nodes'],
  events: readonly Event[],
): number {
  let sum = nodes.reduce((total, { state }) => total + state.balance, 0);
  for (const event of events) {
    if (event.name === 'TransferSent') sum += event.fields.amount;
    if (event.name === 'TransferReceived') sum -= event.fields.amount;
  }
  return sum;
}

const conserved = ofBank({
  doc: 'The sum in a snapshot is the money that there was at first.',
  remember: unknownTotal,
  check(of) {
    const [wrong] = miscounted(of);
    return wrong && `Snapshot ${wrong.snapshot} has ${wrong.sum}, but there is ${wrong.total}.`;
  },
});

interface Cut {
  /** Transfer → the snapshots that its sender had recorded before it. */
  sentAfter: Record<string, string[]>;
  /** Transfer → the snapshots that its receiver had recorded before it arrived. */
  receivedAfter: Record<string, string[]>;
  /** Branch → the snapshots that it has recorded. */
  recorded: Record<NodeId, string[]>;
  amounts: Record<string, number>;
}

const noCut = (): Cut => ({ sentAfter: {}, receivedAfter: {}, recorded: {}, amounts: {} });

type Event = { readonly node: NodeId } & (
  | { readonly name: 'TransferSent'; readonly fields: Branch['events']['TransferSent'] }
  | { readonly name: 'TransferReceived'; readonly fields: Branch['events']['TransferReceived'] }
  | { readonly name: 'StateRecorded'; readonly fields: Branch['events']['StateRecorded'] }
  | { readonly name: 'ChannelRecorded'; readonly fields: Branch['events']['ChannelRecorded'] }
  | { readonly name: 'SnapshotTaken' | 'MessageHeldBack'; readonly fields: object }
);

/** Takes in an event. Returns the name of the transfer that it received. */
function note({ node, ...event }: Event, cut: Cut): string | undefined {
  const recorded = (cut.recorded[node] ??= []);
  if (event.name === 'StateRecorded') recorded.push(event.fields.snapshot);
  if (event.name === 'TransferSent') {
    const { to, number, amount } = event.fields;
    cut.sentAfter[`${node} ${to} ${number}`] = [...recorded];
    cut.amounts[`${node} ${to} ${number}`] = amount;
  }
  if (event.name !== 'TransferReceived') return undefined;
  const name = `${event.fields.from} ${node} ${event.fields.number}`;
  cut.receivedAfter[name] = [...recorded];
  return name;
}

const consistentCut = ofBank({
  doc: 'What a snapshot has as received, it has as sent: no effect is in it without its cause.',
  remember: noCut,
  check({ events, memory }) {
    for (const event of events) {
      const name = note(event, memory);
      if (name === undefined) continue;
      const after = memory.receivedAfter[name];
      const wrong = memory.sentAfter[name]?.find((snapshot) => !after.includes(snapshot));
      if (wrong === undefined) continue;
      const [from, to, number] = name.split(' ');
      const transfer = `Transfer ${number} from ${from} to ${to}`;
      return `${transfer} is received in snapshot ${wrong}, but not sent.`;
    }
    return undefined;
  },
});

const channelsComplete = ofBank({
  doc: 'A recorded channel has what was sent before its sender, and received after its receiver.',
  remember: noCut,
  check({ events, memory }) {
    for (const event of events) {
      note(event, memory);
      if (event.name !== 'ChannelRecorded') continue;
      const { snapshot, from, amounts } = event.fields;
      const link = `${from} ${event.node} `;
      const expected = Object.keys(memory.sentAfter).filter((name) =>
        name.startsWith(link) && !memory.sentAfter[name].includes(snapshot) &&
        memory.receivedAfter[name]?.includes(snapshot) !== false,
      );
      const [has, should] = [amounts, expected.map((name) => memory.amounts[name])].map((list) =>
        list.length === 0 ? 'nothing' : [...list].sort((a, b) => a - b).join('+'),
      );
      if (has === should) continue;
      const way = `on the way from ${from} to ${event.node}`;
      return `Snapshot ${snapshot} has ${has} ${way}, not ${should}.`;
    }
    return undefined;
  },
});

export const invariants: Record<string, Invariant> = {
  'Money Is Conserved': conserved,
  'Consistent Cut': consistentCut,
  'Channels Are Complete': channelsComplete,
};
