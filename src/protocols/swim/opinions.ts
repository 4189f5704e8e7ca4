/** What a member holds another one to be, and which updates change that (§4.2). */
import type { Standings } from '../../protocol/standings.ts';

/** The paper calls a declared death Confirm. Suspicion is optional there, too. */
export const opinions: Standings = {
  alive: {
    doc: 'It answers pings, or an update says so: Alive, with an incarnation number (§4.2).',
    to: {
      suspect: 'no ack, or an update: Suspect',
      dead: 'an update: Confirm',
      left: 'says that it leaves',
    },
  },
  suspect: {
    doc: 'It did not answer a probe. It refutes that with a higher incarnation (§4.2).',
    option: 'suspicion',
    to: {
      alive: 'refutes it: Alive',
      dead: 'suspicion times out: Confirm',
      left: 'says that it leaves',
    },
  },
  dead: {
    doc: 'It was declared dead. In the paper, that is final (§4.2); in memberlist, it may return.',
    to: { alive: 'returns, higher incarnation' },
  },
  left: {
    doc: 'It has said that it leaves, which is not a failure (memberlist).',
    to: { alive: 'joins again' },
  },
};
