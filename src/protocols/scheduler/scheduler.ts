/** A scheduler: asks for the lease, begins a run when the job is due, works, and marks it done. */
import { role } from '../../protocol/define.ts';
import type { Node } from '../../protocol/types.ts';
import { linkTo, openLinks } from '../shared/links.ts';
import { options, type Scheduler } from './state.ts';

type SchedulerNode = Node<Scheduler>;

export const scheduler = role<Scheduler>({
  doc: 'Runs the job when it leads. A run that has started goes on, even if the lease is lost.',
  joins: true,
  options,
  init: () => ({ term: 0, leaseUntil: 0, askedAt: 0, isBeginning: false, job: null }),
  start(node) {
    openLinks(node, 'store', 'ledger');
    acquire(node);
  },

  connection: {
    ended(node, peer) {
      const { state, options: { keys } } = node;
      const { job } = state;
      const isStore = node.nodes('store').includes(peer);
      if (isStore) state.isBeginning = false;
      if (isStore ? job?.stage === 'finishing' : job?.stage === 'applying') {
        if (isStore || keys) node.setTimer('retry', node.options.retryAfter);
        else abandon(node);
      }
    },
  },

  messages: {
    Leading(node, { term }) {
      const { state } = node;
      const isNew = state.term !== term;
      state.term = term;
      state.leaseUntil = state.askedAt + node.options.ttl;
      node.setTimer('lease', node.options.ttl);
      if (isNew) begin(node);
    },
    Denied: (node, { owner }) => lose(node, `${owner} has the lease`),
    Begun(node, { run }) {
      const { state } = node;
      if (!state.isBeginning) return;
      state.isBeginning = false;
      node.cancelTimer('retry');
      state.job = { run, stage: 'working' };
      node.event('JobStarted', { run });
      node.setTimer('work', node.options.workTime);
    },
    NotLeader(node) {
      node.state.isBeginning = false;
      node.cancelTimer('retry');
      lose(node, 'the store has a later term');
    },
    Applied(node, { run }) {
      const { job } = node.state;
      if (job?.run !== run || job.stage !== 'applying') return;
      node.cancelTimer('retry');
      node.state.job = { run, stage: 'closing' };
      node.setTimer('work', node.options.workTime);
    },
    Finished(node, { run }) {
      if (node.state.job?.run === run && node.state.job.stage === 'finishing') end(node);
    },
  },

  timers: {
    acquire,
    lease: (node) => lose(node, 'its time is over'),
    due: begin,
    work(node) {
      const job = node.state.job!;
      if (job.stage === 'working') apply(node);
      else if (node.options.marks === 'before') end(node);
      else finish(node);
    },
    retry,
  },
  background: ['acquire', 'lease', 'due'],

  standings: {
    standby: {
      doc: 'It asks the store for the lease every third of its time.',
      to: { leader: 'the store grants it the lease' },
    },
    leader: {
      doc: 'It believes that it has the lease, and starts the job when it is due.',
      to: { standby: 'its lease ends by its own clock, or the store refuses it' },
    },
  },
  lookDocs: {
    'the lease': 'By its own clock, it leads until then, and runs jobs.',
    job: 'The run of the job that it executes, and how far it is.',
  },
  look: ({ term, leaseUntil: until, job }, { id }) => ({
    standing: term > 0 ? 'leader' : 'standby',
    tone: term > 0 ? 'lead' : 'follow',
    ...(term > 0 && {
      epoch: { name: 'term', value: term },
      lease: { name: 'the lease', until, of: 'the lease' },
      holder: { of: 'the lease', is: id, own: true, token: term },
    }),
    facts: { job: job === null ? '' : `run ${job.run}, ${job.stage}` },
  }),
});

function acquire(node: SchedulerNode): void {
  const { ttl } = node.options;
  node.state.askedAt = node.now();
  node.send(linkTo(node, node.nodes('store')[0]), { type: 'Acquire', ttl });
  node.setTimer('acquire', ttl / 3);
}

/** The work of a run that has started goes on: no code asks for the lease between its lines. */
function lose(node: SchedulerNode, reason: string): void {
  const { state } = node;
  if (state.term === 0) return;
  node.event('LeadershipLost', { term: state.term, reason });
  state.term = 0;
  node.cancelTimer('lease');
  node.cancelTimer('due');
}

function begin(node: SchedulerNode): void {
  const { state, options: { marks, period } } = node;
  node.setTimer('due', period);
  // The previous run is still going on.
  if (state.term === 0 || state.job !== null || state.isBeginning) return;
  state.isBeginning = true;
  const isDone = marks === 'before';
  node.setTimer('retry', node.options.retryAfter);
  node.send(linkTo(node, node.nodes('store')[0]), { type: 'Begin', term: state.term, isDone });
}

function apply(node: SchedulerNode): void {
  const { run } = node.state.job!;
  node.state.job = { run, stage: 'applying' };
  node.setTimer('retry', node.options.retryAfter);
  const key = node.options.keys ? `run ${run}` : null;
  node.send(linkTo(node, node.nodes('ledger')[0]), { type: 'Apply', run, key });
}

function finish(node: SchedulerNode): void {
  const { run } = node.state.job!;
  node.state.job = { run, stage: 'finishing' };
  node.setTimer('retry', node.options.retryAfter);
  node.send(linkTo(node, node.nodes('store')[0]), { type: 'Finish', run });
}

function end(node: SchedulerNode): void {
  node.event('JobEnded', { run: node.state.job!.run });
  node.cancelTimer('retry');
  node.state.job = null;
}

/** No answer came in time: its connection may be half-open, so it is closed. */
function retry(node: SchedulerNode): void {
  const { state, options: { keys } } = node;
  const stage = state.job?.stage;
  const [server] = node.nodes(stage === 'applying' ? 'ledger' : 'store');
  for (const connection of node.connections(server)) node.disconnect(connection);
  state.isBeginning = false;
  if (stage === 'finishing') finish(node);
  else if (stage === 'applying' && keys) apply(node);
  else if (stage === 'applying') abandon(node);
}

/** Without a key, a repetition of what may have been applied could apply it twice. */
function abandon(node: SchedulerNode): void {
  const reason = 'its effect may have been applied';
  node.event('JobAbandoned', { run: node.state.job!.run, reason });
  node.cancelTimer('retry');
  node.state.job = null;
}
