/** Prints the most memory in MB that a process takes which reads the two parallel files named on the command line and trains the aligner on them. */
import { readFileSync } from 'node:fs';
import { trainAligner } from '../../../src/core/alignment/trainAligner.ts';

const [source = [], target = []] = process.argv.slice(2).map((path) => readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => line.trim().split(/\s+/u)));
trainAligner(source.map((words, index) => ({ source: words, target: target[index] ?? [] })));
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
