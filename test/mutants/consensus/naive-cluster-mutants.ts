/** The mutants of the naive cluster's cure: each changes one line of its majority rule. */
import type { Mutant } from '../mutant.ts';

export const naiveClusterMutants: Record<string, Mutant> = {
  'cluster-half-is-enough': {
    doc: 'A candidate leads with one vote less than a majority.',
    in: 'majority.ts',
    line: 'if (state.votes.length >= majority(members(node).length)) lead(node, state.votes.length);',
    broken:
      'if (state.votes.length >= majority(members(node).length) - 1) lead(node, state.votes.length);',
    violates: 'Elected By A Majority',
  },
  'cluster-votes-for-all': {
    doc: 'A node votes for each candidate that asks.',
    in: 'majority.ts',
    line: 'if (state.votedFor !== null && state.votedFor !== from) {',
    broken: 'if (state.votedFor === null && state.term < 0) {',
    violates: 'One Vote A Term',
  },
  'cluster-counts-denials': {
    doc: 'A candidate counts each answer as a vote, and two nodes lead one term.',
    in: 'majority.ts',
    line: "if (state.standing !== 'candidate' || term !== state.term || !granted) return;",
    broken: "if (state.standing !== 'candidate' || term !== state.term) return;",
    violates: 'One Leader',
  },
  'cluster-votes-for-older-data': {
    doc: 'A node votes for a candidate whose data is older than its own.',
    in: 'majority.ts',
    line: "if (isOlder(call.version, state.version)) return deny(node, call, from, 'its data is older');",
    broken: '',
    violates: 'Answered Writes Stay',
  },
  'cluster-answers-early': {
    doc: 'The leader answers a write that it alone has stored.',
    in: 'leading.ts',
    line: '? stored >= majority(members(node).length)',
    broken: '? stored >= 1',
    violates: 'Stored By A Majority',
  },
  'cluster-takes-older-data': {
    doc: 'A node takes the data of its leader even if a late message brings it.',
    in: 'member.ts',
    line: 'if (isOlder(state.version, version)) replaceData(node, message);',
    broken: 'replaceData(node, message);',
    violates: 'Versions Grow',
  },
  'cluster-same-version': {
    doc: 'The leader executes a write and keeps the version.',
    in: 'leading.ts',
    line: 'state.version = { term: state.version.term, number: state.version.number + 1 };',
    broken: 'state.version = { ...state.version };',
    violates: 'Same Version, Same Data',
  },
};
