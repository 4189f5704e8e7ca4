// The event loop turns after each test.
import { afterEach } from 'vitest';
import { turn } from './event-loop.ts';

afterEach(turn);
