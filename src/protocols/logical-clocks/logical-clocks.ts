/** A store in which the later write wins, under wall, Lamport, vector and hybrid logical clocks. */
import { defineProtocol } from '../../protocol/define.ts';
import { derivedEvents, invariants } from './invariants.ts';
import { replica } from './replica.ts';
import { events } from './state.ts';

export const logicalClocks = defineProtocol({
  name: 'logical-clocks',
  aliases: ['lamport', 'vector', 'hlc', 'hybrid', 'clocks'],
  doc: 'A store in which the later write wins, and the clock that decides which one that is.',
  source: 'Lamport: Time, Clocks, and the Ordering of Events in a Distributed System, 1978; ' +
    'Mattern: Virtual Time and Global States, 1989; Kulkarni et al.: Logical Physical Clocks, 2014',
  noSpecification: 'each replica answers from its own copy, with all concurrent values',
  events,
  roles: { replica },
  defaultRole: 'replica',
  derivedEvents,
  invariants,
  units: {
    time: 'microseconds', wall: 'microseconds', reading: 'microseconds', behind: 'microseconds',
  },
});
