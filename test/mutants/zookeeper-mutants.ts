/** The mutants of ZooKeeper's lock, and for each a scenario in which it violates its invariant. */
import type { BundledMutant } from './bundled.ts';

const of = (file: string) => ({ protocol: 'zookeeper-lock', file: `zookeeper/${file}` }) as const;

export const zookeeperMutants: Record<string, BundledMutant> = {
  'zookeeper-still-zxid': {
    doc: 'A transaction is executed, but does not count.',
    ...of('zab/database.ts'),
    line: 'database.zxid = zxid;',
    broken: '',
    violates: 'each change has a zxid',
  },
  'zookeeper-forgotten-numbers': {
    doc: 'A server that starts again numbers its sessions from what its disk has.',
    ...of('server.ts'),
    line: 'state.sessionCount = Math.max(state.sessionCount, Math.floor(node.now() / 1_000));',
    broken: '',
    violates: 'numbers are given once',
  },
  'zookeeper-lets-all-in': {
    doc: 'A server that is behind lets a client in which has seen more.',
    ...of('server.ts'),
    line: 'if (seen > state.zxid) {',
    broken: 'if (seen < 0) {',
    violates: 'a client never goes back in time',
  },
  'zookeeper-lasting-watch': {
    doc: 'A watch stays after it has fired.',
    ...of('watches.ts'),
    line: 'if (fired.length > 0) state.watches = state.watches.filter((watch) => !isFired(watch));',
    broken: '',
    violates: 'a watch fires',
  },
  'zookeeper-answers-first': {
    doc: 'A server replies to a write before it sends the events that the write causes.',
    ...of('requests/final-request-processor.ts'),
    line: 'for (const change of changes) notify(node, fire(state, change));',
    broken:
      'for (const one in state.connections) if (state.connections[one].isReady && ' +
      'isAskedFor(state.connections[one], session, xid)) answerNext(node, one, response); ' +
      'for (const change of changes) notify(node, fire(state, change));',
    violates: 'the event comes before the data',
  },
  'zookeeper-forgotten-watches': {
    doc: 'A client that connects again does not set its watches again.',
    ...of('library.ts'),
    line: 'setWatchesAgain(node);',
    broken: '',
    violates: 'the event comes before the data',
  },
  'zookeeper-unseen-change': {
    doc: 'What changed while a client was away fires no watch that it sets again.',
    ...of('watches.ts'),
    line: "else if (znode.mzxid > zxid) note('NodeDataChanged', path);",
    broken: '',
    violates: 'the event comes before the data',
  },
  'zookeeper-holds-on': {
    doc: 'A worker whose session is over still believes that it holds its locks.',
    ...of('worker.ts'),
    line: 'state.held = [];',
    broken: '',
    violates: 'no lock without a session',
  },
  'zookeeper-told-is-owner': {
    doc: 'A waiter whose watch fires takes the lock, without reading the children again.',
    ...of('recipe.ts'),
    line: 'for (const place of node.state.places) if (place.watching === path) readQueue(node, place);',
    broken: 'for (const place of node.state.places) if (place.watching === path) acquire(node, place);',
    violates: 'first come, first served',
  },
  'zookeeper-orphan': {
    doc: 'A session that expires leaves its ephemeral nodes behind.',
    ...of('requests/prep-request-processor.ts'),
    line: "return { op: 'close-session', paths: [...paths] };",
    broken: "return { op: 'close-session', paths: [] };",
    violates: 'an ephemeral node goes with its session',
  },
  'zookeeper-lost-sequence': {
    doc: 'A create does not count, so that two children may get one number.',
    ...of('tree.ts'),
    line: 'put(tree, parentOf(path), { ...parent, pzxid: zxid, created, children: parent.children + 1 });',
    broken: 'put(tree, parentOf(path), { ...parent, pzxid: zxid, children: parent.children + 1 });',
    violates: 'parents count their children',
  },
  'zookeeper-still-version': {
    doc: 'A change of the data does not change the version.',
    ...of('tree.ts'),
    line: 'const znode = { ...znodeAt(tree, path)!, data, mzxid: zxid, version };',
    broken: 'const znode = { ...znodeAt(tree, path)!, data, mzxid: zxid };',
    violates: 'versions count changes',
  },
  'zookeeper-deaf': {
    doc: 'What a client sends does not extend its session.',
    ...of('server.ts'),
    line: 'sessionHeard(node, attached.session, attached.timeout);',
    broken: '',
    violates: 'silence ends a session',
  },
  'zookeeper-two-connections': {
    doc: 'A session that goes on over another connection keeps the one before.',
    ...of('server.ts'),
    line: 'if (!isNew) closeSessionConnections(node, session);',
    broken: '',
    violates: 'a session has one connection',
  },
  'zookeeper-impatient': {
    doc: 'A client without an answer takes its session for expired.',
    ...of('library.ts'),
    line: 'silence: (node) => abandon(node, app),',
    broken: "silence: (node) => endSession(node, 'SESSIONEXPIRED', app),",
    violates: 'only the server ends a session',
  },
  'zookeeper-creates-again': {
    doc: 'With protection, too, a create of unknown outcome is repeated without a look.',
    ...of('recipe.ts'),
    line: "place.again = step === 'create' && place.guid !== '' ? 'search' : step;",
    broken: 'place.again = step;',
    violates: 'protection makes one node',
  },
};

const lock = `protocol: zookeeper-lock
nodes: { zk: server, A: worker, B: worker, C: worker, D: client }
seed: 1
steps:
  - A lock x timeout=10s
`;

/** A has the lock, B and C wait in the queue, and B leaves it. */
export const middleLeaves = `  - start B lock x
  - wait until LockRefused at B
  - start C lock x
  - wait until LockRefused at C
  - wait 1s
  - B close
  - wait 1s
`;

export const crashOfHolder = `  - start B lock x
  - wait until LockRefused at B
  - crash A
  - wait 40s
`;

/** A's host still retransmits on the old connection when A opens a new one. */
const oldConnection = `  - unplug A for 7s
  - wait 12s
`;

const lostReply = `  - start B lock x protected=true
  - wait until zk.state.znodes.size() == 2
  - drop zk->B Reply
  - wait 10s
`;

/** The old leader z3 is cut off and leads on for a while; A has written at the new one. */
const behind = `protocol: zookeeper-lock
nodes:
  z1..z2: server
  z3: { role: server, syncLimit: 20 }
  A: { role: client, timeout: 30s, servers: [z1, z2, z3], reconnectAfter: 800ms..900ms }
seed: 1
steps:
  - wait 1s
  - A create /a
  - partition z3 | z1 z2
  - wait until SessionResumed at z2
  - A set /a 2
  - reset A - z2
  - wait 1s
  - start A get /a
  - wait 2s
`;

/** D's own write changes what it watches. */
const ownWrite = `${lock}  - D create /a\n  - D get /a watch=true\n  - D set /a 1\n`;

/** D watches /a, which E changes while D has no connection. */
const changedMeanwhile = `protocol: zookeeper-lock
nodes: { zk: server, D: client, E: client }
seed: 1
steps:
  - D create /a
  - E get /a
  - D get /a watch=true
  - reset D - zk
  - E set /a 1
  - wait 4s
  - D get /a
`;

/** The session of D is numbered, and the disk does not have that. */
const numberLost = `  - disk zk stall
  - start D create /a
  - wait 100ms
  - crash zk
  - restart zk
  - wait 1s
`;

export const zookeeperSchedules: Record<string, string> = {
  'zookeeper-still-zxid': lock,
  'zookeeper-lets-all-in': behind,
  'zookeeper-forgotten-numbers': lock + numberLost,
  'zookeeper-lasting-watch': lock + middleLeaves,
  'zookeeper-answers-first': ownWrite,
  'zookeeper-forgotten-watches': changedMeanwhile,
  'zookeeper-unseen-change': changedMeanwhile,
  'zookeeper-holds-on': `${lock}  - A close\n  - wait 1s\n`,
  'zookeeper-told-is-owner': lock + middleLeaves,
  'zookeeper-orphan': lock + crashOfHolder,
  'zookeeper-lost-sequence': lock,
  'zookeeper-still-version': `${lock}  - D create /a\n  - D set /a 1\n`,
  'zookeeper-deaf': `${lock}  - wait 40s\n`,
  'zookeeper-two-connections': lock + oldConnection,
  'zookeeper-impatient': `${lock}  - partition A | zk for 8s\n  - wait 20s\n`,
  'zookeeper-creates-again': lock + lostReply,
};
