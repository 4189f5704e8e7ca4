/** What the command line needs of the world around it; tests give it another. */

export interface Terminal {
  /** The text of a file; throws where it cannot be read. */
  read(file: string): string;
  /** The version of this program. */
  version(): string;
  out(text: string): Promise<void>;
  error(text: string): Promise<void>;
}
