/** Benches of the guards of workspace protocols: what they cost, with a short log and a long one. */
import { loadProtocol } from '../../src/code/code.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { Monitor, World } from '../../src/kernel/world.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { invariantMonitors } from '../../src/check/invariants.ts';
import sources from '../../src/protocols/library.ts?sources';
import type { Bench, Figures } from './bench.ts';
import { Load, raftSetup } from './raft-load.ts';

/** Raft's own files, loaded as if an author had written them. */
function workspaceRaft(): Protocol {
  const files = new Map<string, string>();
  for (const [name, text] of Object.entries(sources)) {
    if (!/^(raft|shared)\//.test(name)) continue;
    files.set(name, text.replace(/'(\.\.\/)+protocol\/[\w-]+\.ts'/g, "'lockstep'"));
  }
  const entry = files.get('raft/raft.ts')!;
  files.set('raft/raft.ts', entry.replace('export const raft =', 'export default'));
  return loadProtocol(files, 'raft/raft.ts').protocol;
}

const longLog = 60_000;

/** Gives every replica the same committed log, as a snapshot of a long run would. */
function fillLogs(world: World, length: number): void {
  const command = Object.freeze({ op: 'put', key: 'k', value: 1 });
  const entries = Array.from({ length }, (_, index) =>
    Object.freeze({ term: 0, command, clientId: null, serial: index, oldestPending: 0 }),
  );
  for (const node of world.nodes) {
    if (node.role !== 'replica') continue;
    Object.assign(node.state, { log: entries.slice(), commitIndex: length, lastApplied: length });
  }
}

function speed(protocol: Protocol, log: number, monitors: readonly Monitor[], events: number) {
  const world = start({ ...raftSetup(5), protocol }, monitors, new Effects());
  fillLogs(world, log);
  const load = new Load();
  const effects = new Effects();
  const go = (count: number) => {
    for (let i = 0; i < count; i++) step(world, load.next(world), effects);
  };
  go(events / 10);
  const before = process.cpuUsage();
  go(events);
  const { user, system } = process.cpuUsage(before);
  return events / ((user + system) / 1e6);
}

function compare(protocols: readonly Protocol[], log: number, checked: boolean, events: number) {
  return protocols.map((one) => speed(one, log, checked ? invariantMonitors(one) : [], events));
}

function guards(name: string, about: string, log: number, events: number): Bench {
  return {
    name,
    about,
    parameters: { nodes: 5, log, events },
    run(): Figures {
      const protocols = [raft, workspaceRaft()];
      const [plain, guarded] = compare(protocols, log, false, events);
      const [plainChecked, guardedChecked] = compare(protocols, log, true, events);
      return {
        builtInPerCpuSecond: Math.round(plain),
        workspacePerCpuSecond: Math.round(guarded),
        ratio: Number((plain / guarded).toFixed(2)),
        builtInCheckedPerCpuSecond: Math.round(plainChecked),
        workspaceCheckedPerCpuSecond: Math.round(guardedChecked),
        checkedRatio: Number((plainChecked / guardedChecked).toFixed(2)),
      };
    },
  };
}

export const workspaceBenches: readonly Bench[] = [
  guards('workspace', 'Raft as a workspace protocol, with and without invariants', 0, 100_000),
  guards('workspace-long-log', 'the same, with a log of 60,000 entries', longLog, 20_000),
];
