/** Stands in for @vscode/native-watchdog, which would need a compiler: ends this process when the one it serves is gone. */
'use strict';
const INTERVAL_MS = 3000;

exports.start = (pid) => {
  const check = () => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  };
  setInterval(check, INTERVAL_MS).unref();
};
