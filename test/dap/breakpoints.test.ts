/** Breakpoints of every kind, with conditions, hit counts and log messages, as golden texts. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { type Adapter, openAdapter, repository, scenarios } from './client.ts';
import { launched, Transcript } from './transcript.ts';

const write = `${scenarios}/write.scenario.yaml`;
const raft = { path: `${repository}dist/protocols/raft/raft.ts` };
let adapter: Adapter;
let talk: Transcript;

async function begin(setUp: () => Promise<void>, stopOnEntry = false): Promise<void> {
  adapter = openAdapter();
  talk = new Transcript(adapter.client);
  const first = await launched(adapter.client, { program: write, stopOnEntry }, setUp);
  talk.stopped(first);
}

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(talk.text);
  adapter.process.kill();
  await adapter.exited;
});

const linesOf = () => readFileSync(raft.path, 'utf8').split('\n');

/** The first line of the source that contains a string. */
function lineOf(text: string): number {
  return linesOf().findIndex((line) => line.includes(text)) + 1;
}

function textAt(line: number): string {
  return linesOf()[line - 1].trim();
}

describe('a breakpoint', () => {
  test('on a line of a handler stops before that line', async () => {
    const entry = lineOf('state.leaderId = message.leaderId');
    const reporting = lineOf("node.event('LeaderElected'");
    const called = lineOf('state.currentTerm = term;');
    const idle = lineOf('function redirectClient(');
    await begin(async () => {
      const breakpoints = [entry, reporting, called, idle].map((line) => ({ line }));
      const set = await adapter.client.ask('setBreakpoints', { source: raft, breakpoints });
      for (const [index, { verified, line, message = 'as requested' }] of set.breakpoints.entries()) {
        talk.say(`  ${textAt(breakpoints[index].line)}`);
        talk.say(`    ${line === undefined ? verified : textAt(line)} (${message})`);
      }
    });
    await talk.stack();
    await talk.move('continue');
    await talk.move('continue');
    await talk.stack();
    await talk.scope('State');
    await talk.move('continue');
    await talk.stack();
    expectGolden(import.meta.url, 'breakpoint-lines', talk.text);
  });

  test('on a name stops at a handler or an event', async () => {
    await begin(async () => {
      const names = ['RequestVote', 'n1:LeaderElected', 'election', 'put', 'Nonsense', 'n9:put'];
      const breakpoints = names.map((name) => ({ name }));
      await talk.ask('setFunctionBreakpoints', { breakpoints });
    });
    await talk.stack();
    await talk.move('continue');
    await talk.move('continue');
    await talk.stack();
    await talk.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'put' }] });
    await talk.move('continue');
    await talk.stack();
    await talk.scope('Arguments');
    expectGolden(import.meta.url, 'breakpoint-names', talk.text);
  });

  test('on data stops at a change of it', async () => {
    await begin(async () => undefined, true);
    const { client } = talk;
    const [frame] = await talk.stack();
    const rows = await talk.scope('Cluster');
    const n1 = rows[0].variablesReference;
    const ask = { variablesReference: n1, name: 'commitIndex' };
    const info = await talk.ask('dataBreakpointInfo', ask);
    const other = { name: 'n2.state.votedFor', frameId: frame.id };
    const second = await talk.ask('dataBreakpointInfo', other);
    await talk.ask('dataBreakpointInfo', { name: 'time', frameId: frame.id });
    const breakpoints = [
      { dataId: info.dataId!, accessType: 'write' as const },
      { dataId: second.dataId! },
      { dataId: 'nonsense' },
    ];
    await talk.ask('setDataBreakpoints', { breakpoints });
    await talk.move('continue');
    await talk.scope('State', (await talk.stack(), 0));
    await talk.move('continue');
    await talk.stack();
    await talk.move('reverseContinue');
    await client.ask('threads');
    expectGolden(import.meta.url, 'breakpoint-data', talk.text);
  });

  test('may have a hit condition, a log message and a condition', async () => {
    await begin(async () => {
      const source = { path: write };
      const breakpoints = [
        {
          line: 12,
          logMessage: 'at {time}: {nodes.filter(n, n.standing == "leader").map(n, n.id)}',
        },
      ];
      await talk.ask('setBreakpoints', { source, breakpoints });
      const filterOptions = [{ filterId: 'event:VoteGranted', condition: 'event.term == 1' }];
      await talk.ask('setExceptionBreakpoints', { filters: [], filterOptions });
      const names = [
        { name: 'AppendEntries', hitCondition: '% 5' },
        { name: 'RequestVote', condition: 'message.from == "n2" && node.id == "n3"' },
        { name: 'RequestVote', condition: 'message.from =' },
        { name: 'RequestVote', hitCondition: 'often' },
        { name: 'RequestVote', logMessage: 'term {message.term' },
      ];
      await talk.ask('setFunctionBreakpoints', { breakpoints: names });
    });
    await talk.move('continue');
    await talk.move('continue');
    await talk.ask('setExceptionBreakpoints', { filters: [] });
    await talk.move('continue');
    await talk.stack();
    await talk.move('continue');
    await talk.stack();
    await talk.move('reverseContinue');
    await talk.stack();
    expectGolden(import.meta.url, 'breakpoint-conditions', talk.text);
  });
});
