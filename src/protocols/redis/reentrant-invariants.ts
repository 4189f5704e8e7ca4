/** What a re-entrant lock promises at every step. */
import { invariant } from '../../protocol/define.ts';
import { hasLocks } from './replication.ts';

/** A second field would be a second holder; a count of 0 a lock that nothing releases. */
export const holdsMatch = invariant({
  doc: 'The hash of a lock has one field, its holder, with a count of at least 1.',
  check({ acted }) {
    if (!hasLocks(acted)) return undefined;
    for (const [key, { value }] of Object.entries(acted.state.entries)) {
      if (typeof value === 'string' || !('hash' in value)) continue;
      const wrong = value.hash.find(([, count]) => !/^[1-9]\d*$/.test(count));
      if (value.hash.length === 1 && wrong === undefined) continue;
      const fields = value.hash.map(([holder, count]) => `${holder} ${count}`).join(', ');
      return `The lock ${key} at ${acted.id} has the holders ${fields}.`;
    }
    return undefined;
  },
});
