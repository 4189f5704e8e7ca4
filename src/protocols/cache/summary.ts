/** The messages and events of caches in words. */
import type { Micros, NodeId } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import type { Key } from './messages.ts';

interface Entry {
  readonly key: Key;
  readonly value: number;
}

export const hitWords = ({ key, value, left }: Entry & { readonly left: Micros | null }) =>
  `${key} = ${value}${left === null ? '' : `, for ${asDuration(left)} more`}`;

export const filledWords = ({ key, value, leased }: Entry & { readonly leased: boolean }) =>
  `${key} = ${value}${leased ? ', by its lease' : ''}`;

export const fillRefusedWords = ({ key, value, from }: Entry & { readonly from: NodeId }) =>
  `${key} = ${value}, of ${from}`;

/** A miss without leases has no token. */
export const missedWords = (
  { key, token, wait }: { readonly key: Key; readonly token: number; readonly wait: boolean },
) => {
  if (wait) return `${key}: another client is filling it, ask again later`;
  return token === 0 ? key : `${key}: fill it with token ${token}`;
};

export const setWords = ({ key, value, token }: Entry & { readonly token: number }) =>
  `${key} = ${value}${token === 0 ? '' : ` with token ${token}`}`;
