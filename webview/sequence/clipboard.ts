/** Copies text. The function is shared by all panels. */

export { copyText } from '../ui/export/clipboard.ts';
