/** Runs the fake of vLLM as a program: `fakeVllmProgram.ts LOG PORT`. What happens to it goes into LOG, a line each. */
import { appendFileSync } from 'node:fs';
import { chatReply, type FakeRequest } from '../../unit/support/fakeOpenAi.ts';
import { fakeLoraServer } from '../../unit/support/fakeLoraServer.ts';
import type { ServerResponse } from 'node:http';

const [log = '', port = '0'] = process.argv.slice(2);
const note = (event: string): void => { appendFileSync(log, `${event}\n`); };

/** Some Japanese that differs by model, so that a comparison has something to show. */
function chat(request: FakeRequest, response: ServerResponse): void {
  const n = typeof request.body['n'] === 'number' ? request.body['n'] : 1;
  const adapted = String(request.body['model']).includes('-');
  chatReply(request, response, Array.from({ length: n }, (_, index) => ({ text: `${adapted ? '新しい' : '古い'}訳文${(index % 3).toString()}です。`, logProb: -1.5 })));
}

await fakeLoraServer({ port: Number(port), onEvent: note, chat });
note(`start ${process.pid.toString()}`);
process.on('SIGTERM', () => {
  note('stop');
  process.exit(0);
});
