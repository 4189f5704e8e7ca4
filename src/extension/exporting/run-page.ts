// The page of a recorded run, made of the player that ships; it needs nothing but web standards.
import * as vscode from 'vscode';
import type { RecordedRun } from '../../view/export/recorded-run.ts';
import { pageFiles, type PageParts, pageTexts, runPage } from '../../view/export/run-page.ts';
import { readText } from '../scenario-files.ts';

export async function htmlOf(extension: vscode.Uri, run: RecordedRun): Promise<string> {
  const parts = await shippedParts(vscode.Uri.joinPath(extension, 'dist'));
  const texts = pageTexts(run, parts);
  const [code, data] = await Promise.all([compressed(texts.code), compressed(texts.run)]);
  return runPage(run, parts, { code, run: data });
}

async function shippedParts(dist: vscode.Uri): Promise<PageParts> {
  const read = (file: string) => readText(vscode.Uri.joinPath(dist, file));
  const files = JSON.parse(await read(pageFiles.modules)) as readonly string[];
  const modules = files.map(async (file) => {
    return { name: file.split('/').at(-1)!, text: await read(`${pageFiles.folder}/${file}`) };
  });
  return { template: await read(pageFiles.template), modules: await Promise.all(modules) };
}

async function compressed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  // Each call has a limited number of arguments.
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) {
    parts.push(String.fromCodePoint(...bytes.subarray(at, at + 8_192)));
  }
  return btoa(parts.join(''));
}
