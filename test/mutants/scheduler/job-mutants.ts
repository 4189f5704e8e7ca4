/** The mutants of the job scheduler: each changes one line of the store, the ledger or a scheduler. */
import type { Mutant } from '../mutant.ts';

export const jobMutants: Record<string, Mutant> = {
  'job-ledger-ignores-keys': {
    doc: 'The ledger does not look for the key of an effect.',
    in: 'scheduler/ledger.ts',
    line: "if (key !== null && state.keys[key]) node.event('EffectRepeated', { key, by });",
    broken: "if (key === '') node.event('EffectRepeated', { key, by });",
    violates: 'Not Twice',
  },
  'job-key-of-the-scheduler': {
    doc: 'The key names the scheduler too, so that the next leader has another key for the run.',
    in: 'scheduler/scheduler.ts',
    line: 'const key = node.options.keys ? `run ${run}` : null;',
    broken: 'const key = node.options.keys ? `run ${run} ${node.id}` : null;',
    violates: 'Not Twice',
  },
  'job-marked-before': {
    doc: 'A run is marked as done when it begins.',
    in: 'scheduler/store.ts',
    line: 'state.runs[run - 1] = { begunBy: from, isDone };',
    broken: 'state.runs[run - 1] = { begunBy: from, isDone: true };',
    violates: 'Not Never',
  },
  'job-finishes-first': {
    doc: 'A scheduler marks a run as done and forgets its effect.',
    in: 'scheduler/scheduler.ts',
    line: "if (job.stage === 'working') apply(node);",
    broken: "if (job.stage === 'working' && job.run % 2 === 1) apply(node);",
    violates: 'Not Never',
  },
  'job-lease-for-all': {
    doc: 'The store gives the lease to each scheduler that asks for it.',
    in: 'scheduler/store.ts',
    line: 'if (owner !== undefined && owner !== from) {',
    broken: 'if (owner === from && ttl < 0) {',
    violates: 'One Lease',
  },
  'job-forgotten-term': {
    doc: 'The store does not write the number of the last term to disk.',
    in: 'scheduler/store.ts',
    line: "durable: ['lease', 'lastTerm', 'runs'],",
    broken: "durable: ['lease', 'runs'],",
    violates: 'One Lease',
  },
  'job-skips-open-runs': {
    doc: 'The store does not look for a run that is not done.',
    in: 'scheduler/store.ts',
    line: 'const open = state.runs.findIndex((one) => !one.isDone);',
    broken: 'const open = state.runs.findIndex((one) => one.isDone && false);',
    violates: 'Runs In Order',
  },
  'job-any-term-begins': {
    doc: 'The store lets a scheduler begin a run whose term is over.',
    in: 'scheduler/store.ts',
    line: "if (state.lease?.term !== term) return node.send(connection, { type: 'NotLeader', term });",
    broken: '',
    violates: 'Only The Leader Begins',
  },
  'job-forgotten-keys': {
    doc: 'The ledger does not write the keys to disk.',
    in: 'scheduler/ledger.ts',
    line: "durable: ['effects', 'keys'],",
    broken: "durable: ['effects'],",
    violates: 'Effects Stay',
  },
};
