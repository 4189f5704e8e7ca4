/** The counterpart of a scenario: the broken twin of a story, and the story of a broken twin. */

const broken = '.broken.scenario.yaml';
const whole = '.scenario.yaml';

/** `lock.scenario.yaml` and `lock.broken.scenario.yaml`; empty if the file has another ending. */
export function twinOf(file: string): string {
  if (file.endsWith(broken)) return file.slice(0, -broken.length) + whole;
  return file.endsWith(whole) ? file.slice(0, -whole.length) + broken : '';
}

export function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
