/** One event of a `text/event-stream` (WHATWG HTML, "Server-sent events"). */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/**
 * Reads a `text/event-stream` chunk by chunk; chunks may end anywhere, also between CR and LF.
 * Comments, `id` and `retry` are skipped; an event that is not ended by a blank line is never delivered.
 */
export function createEventParser(deliver: (event: ServerEvent) => void): (chunk: string) => void {
  let rest = '';
  let name = '';
  let data: string[] = [];
  let afterCr = false;

  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) deliver({ name: name === '' ? 'message' : name, data: data.join('\n') });
      name = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
  };

  return (chunk) => {
    let text = rest + (afterCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk);
    if (chunk !== '') afterCr = chunk.endsWith('\r');
    for (let end = text.search(/[\r\n]/); end !== -1; end = text.search(/[\r\n]/)) {
      line(text.slice(0, end));
      text = text.slice(end + (text.startsWith('\r\n', end) ? 2 : 1));
    }
    rest = text;
  };
}
