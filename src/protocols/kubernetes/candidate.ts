/** A candidate: a process that runs client-go's LeaderElector, and does the work of the leader. */
import { operation, role } from '../../protocol/define.ts';
import { seconds } from '../../protocol/units.ts';
import { linkTo, whyUnanswered } from '../shared/links.ts';
import type { CandidateNode } from './elector.ts';
import {
  boot, deadline, endTerm, endWork, fail, isBehind, newProcess, receive, retry, tick,
} from './loops.ts';
import { type Candidate, options } from './state.ts';
import { candidateDocs, candidateLook, candidateStandings, candidateSummary } from './summary.ts';

export const candidate = role<Candidate>({
  doc: 'Runs the LeaderElector of client-go; while it leads, it may write to storage.',
  joins: true,
  options,
  durable: ['processes', 'serial'],
  init: () => ({ processes: 0, serial: 0, ...newProcess() }),
  start(node) {
    if (node.options.startAfter > 0) node.setTimer('boot', node.options.startAfter);
    else boot(node);
  },

  connection: {
    // HTTP/2 of client-go pings a silent server after 30 s, and gives up 15 s later.
    socket: () => ({
      keepAlive: { idle: seconds(30), interval: seconds(15), count: 1 }, userTimeout: seconds(45),
    }),
    ended(node, peer, connection, how) {
      const reason = whyUnanswered(peer, how);
      const { attempt, writes } = node.state;
      for (const [request, write] of Object.entries(writes)) {
        if (write.connection !== connection) continue;
        delete writes[Number(request)];
        node.fail(write.operation, reason);
      }
      if (attempt?.connection === connection) fail(node, attempt.request, reason);
    },
  },

  messages: {
    LeaseFound: (node, { request, lease }) => receive(node, request, lease),
    Status: (node, { request, reason }) => fail(node, request, reason),
    Written: (node, { request }) => endWrite(node, request),
    Refused(node, { request, token, highest }) {
      const older = `token ${token} is older than ${highest}`;
      endWrite(node, request, token === null ? 'the write has no token' : older);
    },
    // Candidates do not read from storage.
    Value: () => {},
  },

  timers: {
    boot,
    retry(node) {
      if (isBehind(node)) node.setTimer('late', 0);
      else retry(node);
    },
    late: retry,
    poll: tick,
    deadline,
    timeout: (node, request) => fail(node, request, 'the request timed out'),
    validity(node, expired) {
      const { state } = node;
      state.isLeaseValid = false;
      if (expired.holder !== '' && expired.holder !== state.identity) {
        node.event('LeaseExpired', expired);
      }
    },
    workEnd: endWork,
  },
  background: ['boot', 'retry', 'late', 'poll', 'deadline', 'timeout', 'validity'],

  operations: {
    write: operation<Candidate>()({
      doc: 'Writes to storage, if the work of its term goes on. Answers OK.',
      parameters: { name: 'string', value: 'value' },
      run(node, { name, value }, id) {
        const { state, options: { sendsToken } } = node;
        const [storage] = node.nodes('storage');
        if (storage === undefined) return node.fail(id, 'the scenario has no storage');
        if (state.term === null) return node.fail(id, `${node.id} does not lead`);
        const { identity, transitions } = state.term;
        const token = sendsToken ? transitions : null;
        const connection = linkTo(node, storage);
        const request = ++state.serial;
        state.writes[request] = { operation: id, connection };
        const grant = `${identity} ${transitions}`;
        node.send(connection, { type: 'Write', name, value, token, grant, request });
      },
    }),
    stop: operation<Candidate>()({
      doc: 'Cancels the context of its process, as SIGTERM does. Answers OK when it has ended.',
      parameters: {},
      run(node, _none, id) {
        const { state } = node;
        if (state.identity === '') return node.fail(id, 'its process is not running');
        state.stopping.push(id);
        if (state.stopping.length > 1) return;
        const isRunning = state.phase === 'acquiring' || state.phase === 'renewing';
        if (isRunning) endTerm(node, 'it was stopped');
      },
    }),
    run: operation<Candidate>()({
      doc: 'Starts its process, if none is running. Answers its identity.',
      parameters: {},
      run(node, _none, id) {
        if (node.state.identity !== '') return node.fail(id, 'its process is running');
        node.cancelTimer('boot');
        boot(node);
        node.reply(id, node.state.identity);
      },
    }),
  },

  look: candidateLook,
  lookDocs: candidateDocs,
  standings: candidateStandings,
  summary: candidateSummary,
});

function endWrite(node: CandidateNode, request: number, reason?: string): void {
  const id = node.state.writes[request]?.operation;
  if (id === undefined) return;
  delete node.state.writes[request];
  if (reason === undefined) node.reply(id, 'OK');
  else node.fail(id, reason);
}
