import { describe, expect, it } from 'vitest';
import { ControlStripper, stripControls } from '../../src/text/strip-controls.js';

const nasty =
  'I \u202Ehear\u0007\u001B you \u{1F642}\r\n\ud800and\udc00 \u2066stay\u2069\tat\u0000 home\r\u0085ok \u200Fשלום';

/** What a model or a person writes, as every face shows it (issue 14, C.3). */
describe('control characters', () => {
  it('go, with turned directions and lone halves of pairs; words of every script stay', () => {
    expect(stripControls(nasty)).toBe('I hear you \u{1F642}\n\uFFFDand\uFFFD stay\tat home\nok \u200Fשלום');
  });

  it('go the same however the text is cut into pieces', () => {
    for (let size = 1; size <= nasty.length; size += 1) {
      const stripper = new ControlStripper();
      let text = '';
      for (let at = 0; at < nasty.length; at += size) text += stripper.push(nasty.slice(at, at + size));
      expect(text + stripper.finish()).toBe(stripControls(nasty));
    }
  });
});
