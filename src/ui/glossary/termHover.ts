import * as vscode from 'vscode';
import { codecFor } from '../../core/document/codecs.ts';
import type { Codec } from '../../core/document/segment.ts';
import type { FoundTerm } from '../../core/glossary/glossary.ts';
import { sourceLanguageIn } from '../../core/document/namedSource.ts';
import { readFolderSettings } from '../settings.ts';
import type { FolderGlossaries } from './folderGlossaries.ts';

/** Longest line that is searched: a file on one line is no text that somebody points at. */
const longestLine = 20_000;

/** The entry of a glossary's term under the mouse, in files that can be translated. */
export class TermHover implements vscode.HoverProvider {
  readonly #glossaries: FolderGlossaries;

  constructor(glossaries: FolderGlossaries) {
    this.#glossaries = glossaries;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    const line = document.lineAt(position.line);
    const codec = translatableAs(document.uri.path);
    if (folder === undefined || line.text.length > longestLine || codec === undefined) return undefined;
    const { targetLanguage: target, sourceLanguage } = readFolderSettings(document.uri);
    if (target === undefined) return undefined;
    const source = sourceLanguageIn({ codec, path: vscode.workspace.asRelativePath(document.uri, false), head: headOf(document) }, target, sourceLanguage);
    const glossary = await this.#glossaries.of({ source: document.uri, folder, languages: { source, target } });
    const found = glossary.in(line.text).find(({ range }) => range.start <= position.character && position.character <= range.end);
    return found === undefined ? undefined : new vscode.Hover(entryOf(found), new vscode.Range(position.line, found.range.start, position.line, found.range.end));
  }
}

/** Its first lines, in which a bilingual file names its language. */
function headOf(document: vscode.TextDocument): string {
  return document.getText(new vscode.Range(0, 0, 100, 0));
}

/** Texts of a glossary are data: nothing of them is markup. */
function entryOf({ term: { source, targets, forbidden, note } }: FoundTerm): vscode.MarkdownString {
  const lines = [
    targets.length === 0 ? source : `${source} → ${targets.join(', ')}`,
    ...(forbidden.length === 0 ? [] : [vscode.l10n.t('Not: {0}', forbidden.join(', '))]),
    ...(note === undefined ? [] : [note]),
  ];
  const text = new vscode.MarkdownString();
  lines.forEach((line, index) => { text.appendText(index === 0 ? line : `\n${line}`); });
  return text;
}

function translatableAs(path: string): Codec | undefined {
  try {
    return codecFor(path);
  } catch {
    return undefined;
  }
}
