/** The settings that controllers and brokers share, each with its name and default in Kafka. */
import type { Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { Member } from './messages.ts';

export const quorumOptions: NonNullable<Role<Member>['options']> = {
  fetchTimeout: {
    kind: 'duration',
    default: seconds(2),
    min: milliseconds(2),
    doc: 'How long it follows a leader that does not answer: controller.quorum.fetch.timeout.ms.',
  },
  requestTimeout: {
    kind: 'duration',
    default: seconds(2),
    min: milliseconds(1),
    doc: 'After how long it repeats a request: controller.quorum.request.timeout.ms.',
  },
  retryBackoff: {
    kind: 'duration',
    default: milliseconds(20),
    min: milliseconds(1),
    doc: 'How long it waits after a refusal: controller.quorum.retry.backoff.ms.',
  },
};
