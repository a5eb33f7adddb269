/** Stands in for @vscode/spdlog, which would need a compiler: the same calls, plain appends to the log file. */
'use strict';
const { appendFile, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

function createLogger(_name, path) {
  mkdirSync(dirname(path), { recursive: true });
  let lowest = 2;
  const write = (level, message) => {
    if (level < lowest) return;
    appendFile(path, `${new Date().toISOString()} [${LEVELS[level]}] ${message}\n`, () => {
      // A log that cannot be written must not disturb what it is about.
    });
  };
  const calls = LEVELS.map((name, level) => [name, (message) => write(level, message)]);
  return {
    ...Object.fromEntries(calls),
    setLevel: (level) => (lowest = level),
    setPattern() {},
    clearFormatters() {},
    flush() {},
    drop() {},
  };
}

exports.version = 0;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.shutdown = () => undefined;
exports.createRotatingLogger = async (name, path) => createLogger(name, path);
exports.createAsyncRotatingLogger = async (name, path) => createLogger(name, path);
