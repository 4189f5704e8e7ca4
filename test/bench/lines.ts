/** Benches of stepping through lines of handlers, and of the cost of a line breakpoint. */
import { Conversation, longScenario, stoppedAt } from './adapter.ts';
import { type Bench, type Figures, percentiles } from './bench.ts';
import sources from '../../src/protocols/library.ts?sources';

const lineStep: Bench = {
  name: 'line-step',
  parameters: { nodes: 5, events: 100_000 },
  about: 'one step by a line, with what an editor requests, after 100,000 events',
  async run() {
    const conversation = await stoppedAt(100_000);
    const durations: number[] = [];
    for (let i = 0; i < 300; i++) {
      const began = performance.now();
      await conversation.move(i % 5 === 4 ? 'stepBack' : i % 2 === 0 ? 'stepIn' : 'next');
      await conversation.inspect();
      durations.push(performance.now() - began);
    }
    return percentiles(durations);
  },
};

const raft = { path: '/protocols/raft/raft.ts', sourceReference: 1 };

/** Events per second of a run to its end, with these line breakpoints in raft.ts. */
async function eventsPerSecond(breakpoints: readonly object[]): Promise<number> {
  const conversation = new Conversation(longScenario(300_000));
  await conversation.launch([], false);
  const placed = await conversation.ask('setBreakpoints', { source: raft, breakpoints });
  const refused = placed.breakpoints.find(({ verified }: { verified: boolean }) => !verified);
  if (refused) throw new Error(refused.message);
  const began = performance.now();
  await conversation.move('continue');
  const wallSeconds = (performance.now() - began) / 1000;
  return (await conversation.openPanel('cluster')).moment.step / wallSeconds;
}

const lineBreakpoint: Bench = {
  name: 'line-breakpoint',
  parameters: { nodes: 5 },
  about: 'continue with a line breakpoint in AppendEntries whose condition never holds',
  async run(): Promise<Figures> {
    const lines = sources['raft/raft.ts'].split('\n');
    const line = lines.findIndex((one) => one.includes('state.leaderId = message.leaderId')) + 1;
    const condition = 'message.term > 1000000.0';
    await eventsPerSecond([]);
    const without = await eventsPerSecond([]);
    const rare = lines.findIndex((one) => one.includes("state.standing = 'candidate'")) + 1;
    const withRare = await eventsPerSecond([{ line: rare, condition: 'time < 0.0' }]);
    const withOne = await eventsPerSecond([{ line, condition }]);
    return {
      withoutPerSecond: Math.round(without),
      withRarePerSecond: Math.round(withRare),
      withOnePerSecond: Math.round(withOne),
      ratio: Number((withOne / without).toFixed(2)),
    };
  },
};

export const lineBenches: readonly Bench[] = [lineStep, lineBreakpoint];
