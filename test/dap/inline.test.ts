/** The adapter inside another program, as in a web worker: without a process or a disk. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, test } from 'vitest';
import { scenarios } from './client.ts';
import { Host } from './inline-host.ts';

const program = `${scenarios}/write.scenario.yaml`;

describe('inside another program', () => {
  test('sources are served if there is no disk', async () => {
    const host = new Host();
    await host.launch({ breakOn: ['TermChanged'] });
    await host.ask('continue', { threadId: 1 });
    await host.event('stopped', 2);
    const { stackFrames } = await host.ask('stackTrace', { threadId: 1 });
    const { source, line } = stackFrames[0] as DebugProtocol.StackFrame;
    expect(source!.sourceReference).toBeGreaterThan(0);
    const { content } = await host.ask('source', {
      source,
      sourceReference: source!.sourceReference,
    });
    expect((content as string).split('\n')[line - 1]).toContain("node.event('TermChanged'");
    const set = await host.ask('setBreakpoints', { source, breakpoints: [{ line }] });
    expect(set.breakpoints[0]).toMatchObject({ verified: true, line });
    const { sources } = await host.ask('loadedSources');
    expect(sources.map(({ name }: DebugProtocol.Source) => name)).toContain('raft.ts');
  });

  test('frames can be restarted', async () => {
    const host = new Host();
    await host.launch({ breakOn: ['LeaderElected'] });
    await host.ask('continue', { threadId: 1 });
    await host.event('stopped', 2);
    const { stackFrames } = await host.ask('stackTrace', { threadId: 1 });
    const frames = stackFrames as DebugProtocol.StackFrame[];
    const sender = frames.find(({ name }) => name.startsWith('RequestVote '))!;
    await host.ask('restartFrame', { frameId: sender.id });
    await host.event('stopped', 3);
    const again = await host.ask('stackTrace', { threadId: 1 });
    expect(again.stackFrames[0].name).toBe(sender.name);
    expect(again.stackFrames[0].line).toBeLessThan(sender.line);
  });

  test('a scenario that is known beforehand names the filters at once', async () => {
    const host = new Host({ scenario: program });
    const { exceptionBreakpointFilters } = await host.ask('initialize', { adapterID: 'lockstep' });
    const filters = exceptionBreakpointFilters as DebugProtocol.ExceptionBreakpointsFilter[];
    const filter = filters.find(({ label }) => label === 'TermChanged');
    expect(filter).toMatchObject({ filter: 'event:TermChanged', supportsCondition: true });
    expect(filter!.description).toContain('term');
  });

  test('paths may be URIs', async () => {
    const host = new Host({ protocolRoot: '/opt/lockstep/protocols' });
    await host.ask('initialize', { adapterID: 'x', pathFormat: 'uri' });
    await host.ask('launch', { program: `file://${program}`, breakOn: ['TermChanged'] });
    await host.event('initialized');
    const source = { path: `file://${program}` };
    const set = await host.ask('setBreakpoints', { source, breakpoints: [{ line: 12 }] });
    expect(set.breakpoints[0]).toMatchObject({ verified: true, line: 12 });
    await host.ask('configurationDone');
    await host.event('stopped');
    await host.ask('continue', { threadId: 1 });
    await host.event('stopped', 2);
    const { stackFrames } = await host.ask('stackTrace', { threadId: 1 });
    expect(stackFrames[0].source.path).toBe('file:///opt/lockstep/protocols/raft/raft.ts');
    expect(stackFrames.at(-1).source.path).toBe(`file://${program}`);
  });
});
