/** The plain data of which protocols, runs and histories are made. */

/** A node's name in a scenario, such as `n1`, `redis` or `A`. */
export type NodeId = string;

/** Identifies one client operation of a run: `client#3` is the third operation of `client`. */
export type OperationId = string;

/** A duration, or a point in virtual time, in whole microseconds. */
export type Micros = number;

/** A range of durations `[shortest, longest]` in microseconds; both ends are included. */
export type Range = readonly [Micros, Micros];

/**
 * Plain data: the only values that state, messages, timer data, events and results may hold. A Map,
 * a Set, an instance of a class, a function, or a value that contains itself is refused. Unlike in
 * JSON, a field may be `undefined` and a number may be NaN or infinite.
 */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The unit of a field that holds a duration or a time. */
export type TimeUnit = 'microseconds' | 'milliseconds' | 'seconds';

/** `hexadecimal` is for whole numbers that are printed so, such as a zxid: `0x100000001`. */
export type FieldUnit = TimeUnit | 'hexadecimal';
