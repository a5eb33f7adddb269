/** Prints by how many MB the process grew at most while it read, decoded and parsed the XLIFF named on the command line. */
import { readFileSync } from 'node:fs';
import { decodeBytes } from '../../../src/core/document/encoding.ts';
import { xliff } from '../../../src/core/document/xliff.ts';

const path = process.argv[2] ?? '';
const before = process.memoryUsage().rss / 1024;
const { segments } = xliff.parse(decodeBytes(readFileSync(path), path).text, { path, sourceLanguage: 'en' });
if (segments.length < 1) throw new Error('nothing was parsed');
process.stdout.write(String((process.resourceUsage().maxRSS - before) / 1024));
