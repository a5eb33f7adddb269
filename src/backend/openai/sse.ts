/**
 * Server-sent events (WHATWG HTML 9.2.6), as far as OpenAI-compatible servers use them: the data of each event.
 * Bytes may be cut anywhere, also inside a UTF-8 character or between CR and LF.
 */
export class SseParser {
  readonly #decoder = new TextDecoder('utf-8');
  #line = '';
  #data: string[] = [];
  #afterCr = false;

  /** Data of the events that these bytes complete, in order. Cost is linear in the bytes. */
  push(bytes: Uint8Array): string[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** At the end of the stream. An event without its empty line is complete for us: some servers do not send it. */
  end(): string[] {
    const events = this.#take(`${this.#decoder.decode()}\n\n`);
    this.#line = '';
    return events;
  }

  #take(text: string): string[] {
    const events: string[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const char = text.charCodeAt(at);
      if (char !== LF && char !== CR) { this.#afterCr = false; continue; }
      const secondOfPair = char === LF && this.#afterCr;
      this.#afterCr = char === CR;
      if (!secondOfPair) this.#endLine(this.#line + text.slice(start, at), events);
      this.#line = '';
      start = at + 1;
    }
    this.#line += text.slice(start);
    return events;
  }

  #endLine(line: string, events: string[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push(this.#data.join('\n'));
      this.#data = [];
      return;
    }
    if (!line.startsWith('data:')) return; // comments, ids and event names carry nothing that we need
    this.#data.push(line.slice(line.startsWith('data: ') ? 'data: '.length : 'data:'.length));
  }
}

const LF = 10;
const CR = 13;
