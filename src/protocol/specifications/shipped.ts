/** The specifications that ship, by name, with the operations that each one has. */
import type { Specification } from '../history.ts';
import type { Json } from '../types.ts';
import * as objects from './objects.ts';

export interface ShippedSpecification {
  readonly name: string;
  readonly operations: readonly string[];
  /** The operations that only observe. */
  readonly reads: readonly string[];
  /** `initial` replaces the value at the start, where there is one to replace. */
  make(initial?: Json): Specification;
}

/** In this order, the first one that has all operations of a history is the one that fits. */
export const shippedSpecifications: readonly ShippedSpecification[] = [
  {
    name: 'register',
    operations: ['read', 'write'],
    reads: ['read'],
    make: objects.register,
  },
  {
    name: 'cas-register',
    operations: ['read', 'write', 'cas'],
    reads: ['read'],
    make: objects.casRegister,
  },
  {
    name: 'key-value',
    operations: ['get', 'put', 'append', 'delete', 'cas'],
    reads: ['get'],
    make: objects.keyValue,
  },
  {
    name: 'queue',
    operations: ['enqueue', 'dequeue'],
    reads: [],
    make: () => objects.queue(),
  },
  {
    name: 'mutex',
    operations: ['acquire', 'release'],
    reads: [],
    make: () => objects.mutex(),
  },
  {
    name: 'set',
    operations: ['read', 'add', 'remove', 'contains'],
    reads: ['read', 'contains'],
    make: () => objects.set(),
  },
  {
    name: 'counter',
    operations: ['read', 'increment', 'decrement'],
    reads: ['read'],
    make: () => objects.counter(),
  },
  {
    name: 'multi-register',
    operations: ['txn'],
    reads: [],
    make: (initial) => objects.multiRegister(initial as Readonly<Record<string, Json>>),
  },
];
