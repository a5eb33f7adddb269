/**
 * A reporter for `node --test`: one JSON line a result, in the shapes that `nodeTests.ts` declares. Plain JavaScript with
 * a default export, since Node loads a reporter by its path and Node 20 reads no TypeScript there.
 */
export default async function* eventReporter(source) {
  /** Names of the tests that are open, outermost first. */
  const open = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') open.splice(data.nesting, Infinity, data.name);
    const line = toLine(type, data, open);
    if (line !== undefined) yield `${JSON.stringify(line)}\n`;
  }
}

function toLine(type, data, open) {
  switch (type) {
    case 'test:stdout':
    case 'test:stderr':
      return { kind: 'output', file: data.file ?? '', text: data.message };
    case 'test:pass':
      return toTest('pass', data, open);
    case 'test:fail':
      return toTest('fail', data, open);
    default:
      return undefined;
  }
}

function toTest(kind, data, open) {
  const { error, type, duration_ms: milliseconds } = data.details;
  const excuse = data.skip ?? (data.todo === undefined ? undefined : `todo: ${data.todo}`);
  const isSkip = kind === 'pass' && excuse !== undefined && excuse !== false;
  return {
    kind: isSkip ? 'skip' : kind,
    file: data.file ?? '',
    path: [...open.slice(0, data.nesting), data.name],
    isSuite: type === 'suite',
    subtestsFailed: error?.failureType === 'subtestsFailed',
    detail: isSkip ? (typeof excuse === 'string' ? excuse : '') : describe(error?.cause ?? error),
    milliseconds,
  };
}

function describe(error) {
  if (error === undefined) return '';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
