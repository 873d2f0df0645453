import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventParser, type ServerEvent } from '../../../../adapters/web/page/src/api/event-parser.js';

const parse = (chunks: readonly string[]): ServerEvent[] => {
  const events: ServerEvent[] = [];
  const feed = createEventParser((event) => events.push(event));
  for (const chunk of chunks) feed(chunk);
  return events;
};

describe('createEventParser', () => {
  it('reads names, data of several lines and the default name, and skips comments', () => {
    expect(parse([': ping\n\nevent: turn\ndata: {"a":1}\n\ndata: one\ndata:two\n\nid: 7\n\n'])).toEqual([
      { name: 'turn', data: '{"a":1}' },
      { name: 'message', data: 'one\ntwo' },
    ]);
  });

  it('delivers nothing of an event that was cut off', () => {
    expect(parse(['event: turn\ndata: {"a"'])).toEqual([]);
  });

  it('gives the same events wherever the stream is cut and however lines end', () => {
    const stream = ': hi\n\nevent: message\ndata: {"text":"ä 🙂"}\n\nevent: entries\ndata: []\ndata: x\n\n';
    const whole = parse([stream]);
    expect(whole).toHaveLength(2);
    fc.assert(
      fc.property(
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(stream.length), { maxLength: 12 }),
        (end, cuts) => {
          const text = stream.replaceAll('\n', end);
          const at = [0, ...cuts.sort((a, b) => a - b), text.length];
          const chunks = at.slice(1).map((to, index) => text.slice(at[index], to));
          expect(parse(chunks)).toEqual(whole);
        },
      ),
    );
  });
});
