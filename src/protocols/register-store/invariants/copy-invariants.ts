/** What is true of the copies on the servers, whatever clients are promised. */
import type { Json, NodeId, Observation, ObservedIn } from '../../../protocol/types.ts';
import type { Register } from '../data/messages.ts';
import { compareVersions, newest, type Version, versionOf, versionText } from '../data/versions.ts';
import { ofStore, type Roles } from './roles.ts';

/** The server that acted; undefined if it was another node. */
function serverOf({ acted }: Pick<Observation<unknown, Roles>, 'acted'>) {
  return acted?.role === 'server' ? acted : undefined;
}

const versionNamesOneWrite = ofStore({
  doc: 'A version of a register belongs to one write, and all copies with it have its value.',
  remember: (): { values: Record<string, Json> } => ({ values: {} }),
  check(of) {
    const server = serverOf(of);
    if (server === undefined) return undefined;
    const { values } = of.memory;
    for (const [key, { value, version }] of Object.entries(server.state.registers)) {
      const name = `${key} @ ${versionText(version)}`;
      if (!(name in values)) values[name] = value;
      if (values[name] === value) continue;
      return `${server.id} has the value ${String(value)} of ${name}, not ${String(values[name])}.`;
    }
    return undefined;
  },
});

const copiesNeverGoBack = ofStore({
  doc: 'A server never replaces its copy of a register by an older one, not even in a crash.',
  remember: (): { copies: Record<string, Version> } => ({ copies: {} }),
  check(of) {
    const server = serverOf(of);
    if (server === undefined) return undefined;
    // Plain causal memory keeps the write that it applies last, whatever its version.
    if (server.state.causal?.isConvergent === false) return undefined;
    const { copies } = of.memory;
    for (const [key, { version }] of Object.entries(server.state.registers)) {
      const name = `${server.id} ${key}`;
      const before = copies[name];
      copies[name] = version;
      if (before === undefined || compareVersions(version, before) >= 0) continue;
      const [old, now] = [before, version].map(versionText);
      return `${server.id} replaced ${key} @ ${old} by the older ${now}.`;
    }
    return undefined;
  },
});

/** The newest that a server has of a register, for itself or for another. */
function heldBy(node: ObservedIn<Roles>, key: string): Register | null {
  if (node.role !== 'server') return null;
  const { registers, hints } = node.state;
  return newest([registers[key], ...hints.filter((one) => one.key === key).map((h) => h.register)]);
}

const answeredWritesAreStored = ofStore({
  doc: 'When a write is answered, as many servers have it, or a newer one, as the settings say.',
  check({ events, nodes }) {
    for (const event of events) {
      if (event.name !== 'WriteAnswered') continue;
      const { key, version, servers } = event.fields;
      const has = nodes.filter((one) =>
        compareVersions(versionOf(heldBy(one, key)), version) >= 0);
      if (has.length >= servers) continue;
      const ids = has.map(({ id }) => id).join(' ') || 'no server';
      return `${key} @ ${versionText(version)} was answered as on ${servers} servers, not ${ids}.`;
    }
    return undefined;
  },
});

const followersKeepTheOrder = ofStore({
  doc: 'A follower that has applied n writes has the result of the first n in the leader\'s log.',
  check({ nodes, acted }) {
    const [first] = nodes.filter(({ role }) => role === 'server');
    if (acted?.role !== 'server' || first?.role !== 'server' || acted.id === first.id) {
      return undefined;
    }
    const applied = acted.state.applied[first.id] ?? 0;
    const { log } = first.state;
    if (applied === 0 || log.length === 0) return undefined;
    const expected: Record<string, number> = {};
    for (const { key, index } of log.slice(0, applied)) expected[key] = index;
    for (const [key, index] of Object.entries(expected)) {
      const has = acted.state.registers[key]?.version.counter ?? 0;
      if (has === index) continue;
      const what = `write ${has} of ${key}, not ${index}`;
      return `${acted.id} has applied ${applied} writes, and has ${what}.`;
    }
    return undefined;
  },
});

const hintsAreDelivered = ofStore({
  doc: 'A server deletes what it keeps for another one only when that one has it, or a newer one.',
  remember: (): { hints: Record<NodeId, { home: NodeId; key: string; version: Version }[]> } =>
    ({ hints: {} }),
  check(of) {
    const server = serverOf(of);
    if (server === undefined) return undefined;
    const { hints } = of.memory;
    const before = hints[server.id] ?? [];
    const kept = server.state.hints.map(({ home, key, register: { version } }) =>
      ({ home, key, version }));
    hints[server.id] = kept;
    for (const { home, key, version } of before) {
      const isKept = (one: { home: NodeId; key: string; version: Version }) =>
        one.home === home && one.key === key && compareVersions(one.version, version) >= 0;
      if (kept.some(isKept)) continue;
      const copy = of.nodes.find(({ id }) => id === home);
      if (copy?.role === 'server') {
        if (compareVersions(versionOf(copy.state.registers[key]), version) >= 0) continue;
      }
      return `${server.id} gave up ${key} @ ${versionText(version)}, which ${home} does not have.`;
    }
    return undefined;
  },
});

export const copyInvariants = {
  'A Version Names One Write': versionNamesOneWrite,
  'Copies Never Go Back': copiesNeverGoBack,
  'Answered Writes Are Stored': answeredWritesAreStored,
  'Followers Keep The Order': followersKeepTheOrder,
  'Hints Are Delivered': hintsAreDelivered,
};
