/**
 * Entry of the guard of a managed server: `serverGuard PID`. Its input is a pipe from the process that started the server;
 * when that ends in whatever way, the pipe closes, and the server's whole tree is ended. An orderly stop ends the guard first.
 */
import { spawn } from 'node:child_process';

const STOP_MS = 10_000;
const LOOK_MS = 200;
const pid = Number(process.argv[2]);

/** Of the server's group; 0 only asks whether it is there. The guard ends when it is not. */
function signal(which: 'SIGTERM' | 'SIGKILL' | 0): void {
  try {
    process.kill(-pid, which);
  } catch {
    process.exit(0);
  }
}

process.stdin.resume();
process.stdin.once('close', () => {
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', pid.toString(), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  signal('SIGTERM');
  setInterval(() => { signal(0); }, LOOK_MS);
  setTimeout(() => { signal('SIGKILL'); }, STOP_MS);
});
