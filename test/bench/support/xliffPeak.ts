/** Prints by how many MB the process grew at most while it parsed the large XLIFF. */
import { xliff } from '../../../src/core/document/xliff.ts';
import { largeXliff } from './largeXliff.ts';

const text = largeXliff();
const before = process.resourceUsage().maxRSS;
const { segments } = xliff.parse(text, { path: 'a.xlf', sourceLanguage: 'en' });
if (segments.length < 1) throw new Error('nothing was parsed');
process.stdout.write(String((process.resourceUsage().maxRSS - before) / 1024));
