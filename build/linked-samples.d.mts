/** Returns the names of the samples that a sample links to, directly or through one of these. */
export function linkedSamples(samples: string, name: string): string[];
