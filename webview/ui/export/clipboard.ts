/** Copies text, even if the frame is not allowed to use `navigator.clipboard`. */

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } finally {
    field.remove();
  }
}

export async function copyImage(bytes: Blob): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ [bytes.type]: bytes })]);
    return true;
  } catch {
    return false;
  }
}
