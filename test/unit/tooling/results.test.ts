import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readJunit } from '../../../scripts/support/junit.ts';
import { check, isExpected, merge, parseExpectedSkips } from '../../../scripts/support/results.ts';
import { inRoot } from '../../../scripts/support/root.ts';

const conditions = new Map([['always', true], ['no-shared-data', false]]);

describe('expected skips', () => {
  it('accepts a skip that a line names, for that suite and reason only', () => {
    const expected = parseExpectedSkips('# comment\n\nalways unit needs a (real) GPU*\n', conditions);
    assert.equal(isExpected('unit', { test: 't', reason: 'needs a (real) GPU with 8 GB' }, expected), true);
    assert.equal(isExpected('python', { test: 't', reason: 'needs a (real) GPU' }, expected), false);
    assert.equal(isExpected('unit', { test: 't', reason: 'it needs a (real) GPU' }, expected), false);
  });

  it('ignores a line whose condition does not hold here', () => {
    const expected = parseExpectedSkips('no-shared-data unit needs *', conditions);
    assert.equal(isExpected('unit', { test: 't', reason: 'needs something' }, expected), false);
  });

  it('names the line that it cannot read', () => {
    assert.throws(() => parseExpectedSkips('always unit x\nsometimes unit y', conditions), /line 2.*always, no-shared-data/);
    assert.throws(() => parseExpectedSkips('always unit', conditions), /line 1/);
  });

  it('reads the list of this repository', () => {
    const text = readFileSync(inRoot('test/expected-skips'), 'utf8');
    assert.ok(parseExpectedSkips(text, new Map([['always', true], ['no-shared-data', true]])).length > 0);
  });
});

describe('results', () => {
  it('adds up suites', () => {
    const all = merge([check('a', 0, 'fine'), check('b', 2, 'broken\n'), { passed: 3, failures: [], skips: [{ test: 's', reason: 'r' }] }]);
    assert.deepEqual(all, { passed: 4, failures: [{ test: 'b', detail: 'broken' }], skips: [{ test: 's', reason: 'r' }] });
  });
});

describe('JUnit reports', () => {
  it('tells passed, failed, broken and skipped tests apart', () => {
    const xml = `<testsuites><testsuite>
      <testcase classname="a.b" name="one" time="0.1" />
      <testcase classname="a.b" name="two" time="0.1"><failure message="m">assert 1 &lt; 0&#10;end</failure></testcase>
      <testcase classname="a.b" name="three"><error message="no &quot;x&quot;" /></testcase>
      <testcase classname="a.b" name="four"><skipped type="pytest.skip" message="needs a GPU">file.py:1</skipped></testcase>
      <testcase classname="a.b" name="five"><system-out>printed</system-out></testcase>
    </testsuite></testsuites>`;
    assert.deepEqual(readJunit(xml), {
      passed: 2,
      failures: [{ test: 'a.b > two', detail: 'assert 1 < 0\nend' }, { test: 'a.b > three', detail: 'no "x"' }],
      skips: [{ test: 'a.b > four', reason: 'needs a GPU' }],
    });
  });
});
