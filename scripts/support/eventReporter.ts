/** A reporter for `node --test`: one JSON line a result, for `nodeTests.ts`. Node loads it by path and asks for a default export. */
import type { TestEvent } from 'node:test/reporters';

export interface ReportedTest {
  readonly kind: 'pass' | 'fail' | 'skip';
  readonly file: string;
  /** Names from the outermost `describe` inwards. */
  readonly path: readonly string[];
  readonly isSuite: boolean;
  /** A suite that failed only because a test inside it did: that test is reported on its own. */
  readonly subtestsFailed: boolean;
  readonly detail: string;
  readonly milliseconds: number;
}
export interface ReportedOutput {
  readonly kind: 'output';
  readonly file: string;
  readonly text: string;
}
export type ReportLine = ReportedTest | ReportedOutput;

interface ResultData {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: { readonly duration_ms: number; readonly type?: string; readonly error?: Error };
}

// eslint-disable-next-line import-x/no-default-export -- node's --test-reporter loads the default export
export default async function* eventReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const open: string[] = [];
  for await (const event of source) {
    if (event.type === 'test:start') open.splice(event.data.nesting, Infinity, event.data.name);
    const line = toLine(event, open);
    if (line !== undefined) yield `${JSON.stringify(line)}\n`;
  }
}

function toLine(event: TestEvent, open: readonly string[]): ReportLine | undefined {
  switch (event.type) {
    case 'test:stdout':
    case 'test:stderr':
      return { kind: 'output', file: event.data.file, text: event.data.message };
    case 'test:pass':
      return toTest('pass', event.data, open);
    case 'test:fail':
      return toTest('fail', event.data, open);
    default:
      return undefined;
  }
}

function toTest(kind: 'pass' | 'fail', data: ResultData, open: readonly string[]): ReportedTest {
  const cause = data.details.error?.cause;
  const excuse = data.skip !== undefined ? data.skip : data.todo === undefined ? undefined : `todo: ${String(data.todo)}`;
  const skipped = kind === 'pass' && excuse !== undefined && excuse !== false;
  return {
    kind: skipped ? 'skip' : kind,
    file: data.file ?? '',
    path: [...open.slice(0, data.nesting), data.name],
    isSuite: data.details.type === 'suite',
    subtestsFailed: (data.details.error as { failureType?: string } | undefined)?.failureType === 'subtestsFailed', // node's own error shape
    detail: skipped ? (typeof excuse === 'string' ? excuse : '') : describeError(cause ?? data.details.error),
    milliseconds: data.details.duration_ms,
  };
}

function describeError(error: unknown): string {
  if (error === undefined) return '';
  return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
}
