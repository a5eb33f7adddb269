/** MDX: Markdown whose imports, expressions and components stay. Pure. */
import { AppError } from '../errors.ts';
import { escapeStructure, refuseExcess } from './markdown.ts';
import { mdxBlocks } from './mdxPieces.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText } from './segment.ts';
import { segmentBlocks } from './segmentBlocks.ts';

/** Characters that are parsed at a time, at least. */
const chunkSize = 4096;

export const mdx: Codec = {
  id: 'mdx',
  extensions: ['.mdx'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    refuseExcess(text, options.path);
    const segments = segmentBlocks(text, mdxBlocks(text, options.path, chunkSize), options.sourceLanguage);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'mdx', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return translation === segment.source ? translation : escapeStructure(translation.replace(/\s*[\r\n]\s*/gu, ' ').trim(), segment);
  },
};
