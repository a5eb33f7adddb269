/** Random documents for property tests: every kind of line end, scripts, markup that may or may not close. */
import fc from 'fast-check';

const words = ['It', 'is', 'raining.', 'Go!', 'Dr. Who?', '雨が降る。', 'はい', '🙂', '👩‍👩‍👧', 'مرحبا', 'é', 'e\u0301', 'a|b', '&amp;', '\\*', '12.', '⟦1⟧', 'Ａ', '\u00a0'];
const inline = ['`code`', '*em*', '**Strong. Two.**', '[link](u "t")', '[foo]', '[bar][foo]', '![alt](i.png)', '<b>bold</b>', '<br>', '<https://a.b>', 'www.a.bc', '[^1]', '~~x~~', '*', '_', '`', '[', '](', '<', '\\', '``', '  '];
const lineStarts = ['', '', '', '', '# ', '## ', '- ', '* ', '1. ', '2) ', '> ', '> - ', '  ', '    ', '\t', '- [ ] ', '| a | b |', '|---|---|', '```', '~~~', '  ```', '---', '===', '<div>', '</div>', '<!--', '-->', '<script>', '[foo]: http://x', '[^1]: Note.', '   ', '- ```', '+++'];

export const newline = fc.constantFrom('\n', '\r\n', '\r');

/** One line of running text with inline markup. */
export const inlineText = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.constantFrom(...inline) }, { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) }), { maxLength: 6 })
  .map((parts) => parts.join(' ').replace(/[\r\n\0]/gu, ''));

const line = fc.tuple(fc.constantFrom(...lineStarts), inlineText).map((parts) => parts.join(''));

/** A document whose lines end each in its own way. */
export const documentText = fc.array(fc.tuple(line, newline, fc.boolean()), { maxLength: 14 })
  .map((lines) => lines.map(([text, end, blank]) => text + end + (blank ? end : '')).join(''));

/** The same with one line end throughout, which is what most files have. */
export const uniformText = fc.tuple(documentText, newline).map(([text, end]) => text.replace(/\r\n|\r|\n/gu, end));
