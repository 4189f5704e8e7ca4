// The types of tour.mjs.
export interface TourStep {
  readonly text: string;
  readonly marked: readonly string[];
}

export function tourSteps(): TourStep[];

export class TourReader {
  constructor(step: TourStep);
  readonly text: string;
  take(...expected: string[]): string;
  bold(): string;
  italic(): string;
  code(): string;
  words(pattern: RegExp): string;
  end(): void;
}
