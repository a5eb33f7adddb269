import type { Failure, Skip, SuiteResult } from './results.ts';

/** Reads the counts out of a JUnit report as pytest writes it. */
export function readJunit(xml: string): SuiteResult {
  const failures: Failure[] = [];
  const skips: Skip[] = [];
  let passed = 0;
  for (const [, attributes = '', body = ''] of xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)) {
    const test = [attribute(attributes, 'classname'), attribute(attributes, 'name')].join(' > ');
    const problem = /<(?:failure|error)\b([^>]*?)(?:\/>|>(.*?)<\/(?:failure|error)>)/s.exec(body);
    const skip = /<skipped\b([^>]*?)\/?>/s.exec(body);
    if (problem !== null) failures.push({ test, detail: unescape(problem[2] ?? '') || attribute(problem[1] ?? '', 'message') });
    else if (skip !== null) skips.push({ test, reason: attribute(skip[1] ?? '', 'message') });
    else passed++;
  }
  return { passed, failures, skips };
}

function attribute(attributes: string, name: string): string {
  return unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function unescape(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return named[name ?? ''] ?? whole;
  });
}
