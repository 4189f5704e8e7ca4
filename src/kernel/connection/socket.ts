/** Reads the options that a role gives to its end of a connection. */
import type { SocketOptions } from '../../protocol/connection.ts';
import type { Micros } from '../../protocol/types.ts';
import { refuseSocket } from '../refusals/node-refusals.ts';

export function socketFrom(given: SocketOptions | undefined): SocketOptions {
  if (given === undefined) return {};
  if (typeof given !== 'object' || given === null) refuseSocket(given);
  const { keepAlive, userTimeout, ...unknown } = given;
  if (Object.keys(unknown).length > 0) refuseSocket(given);
  if (userTimeout !== undefined && !isSpan(userTimeout, 0)) refuseSocket(given);
  if (keepAlive === undefined || keepAlive === null) return { keepAlive, userTimeout };
  if (typeof keepAlive !== 'object') refuseSocket(given);
  const { idle, interval, count, ...more } = keepAlive;
  if (Object.keys(more).length > 0) refuseSocket(given);
  const isCount = Number.isSafeInteger(count) && count > 0;
  if (!isSpan(idle, 1) || !isSpan(interval, 1) || !isCount) refuseSocket(given);
  return { keepAlive: Object.freeze({ idle, interval, count }), userTimeout };
}

function isSpan(value: Micros, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}
