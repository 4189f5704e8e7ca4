/** Bench: the extension is loaded and activated in a new process. */
import path from 'node:path';
import { activate } from '../package/activation.ts';
import { type Bench, quantile } from './bench.ts';

const runs = 15;

const activation: Bench = {
  name: 'activation',
  parameters: { runs },
  about: 'load and activate the bundle of the extension; the budget is 50 ms',
  run() {
    // The bench is built into the folder of the extension's bundle.
    const bundle = path.join(path.dirname(process.argv[1]), 'extension.js');
    const durations = Array.from({ length: runs }, () => activate(bundle).durationMs);
    return { minMs: quantile(durations, 0), p50Ms: quantile(durations, 0.5) };
  },
};

export const activationBenches: readonly Bench[] = [activation];
