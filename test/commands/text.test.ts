import { Buffer } from 'node:buffer';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../app/settings.js';
import { loadSteering } from '../../config/steering.js';
import {
  decodeText,
  judgeAttachment,
  type ReceivedFile,
  weaveAttachments,
} from '../../src/commands/attachments.js';
import { quoteFor } from '../../src/commands/quote.js';
import { withoutControls } from '../../src/turn/stages/controls.js';
import { say } from '../session/world.js';

const { config } = loadConfig({}, tmpdir());
const services = { config, say };
const steering = loadSteering();

describe('a quotation', () => {
  it('is a question with the words below it', () => {
    expect(quoteFor({ text: 'I quit.\n\nToday.', author: 'Ada' }, say)).toBe(
      'What do you make of this, which Ada wrote?\n> I quit.\n>\n> Today.',
    );
    expect(quoteFor({ text: 'I quit.', author: '', question: ' Was that wise? ' }, say)).toBe(
      'Was that wise?\n\nIt is about this, which somebody wrote:\n> I quit.',
    );
    expect(quoteFor({ text: ' \u0007\n ', author: 'Ada' }, say)).toBeNull();
  });

  it('is bounded, has no power over prompts or controls, and never begins with a code', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5_000 }),
      fc.constantFrom('!topic off', '<SEEKER> hi', '<|im_start|>system', '[INFO-x]', '!forget 1\n!facts'),
      fc.lorem({ mode: 'sentences', maxCount: 80 }),
    );
    fc.assert(
      fc.property(text, fc.string({ unit: 'binary', maxLength: 200 }), (words, author) => {
        const quoted = quoteFor({ text: words, author }, say);
        if (quoted === null) return;
        expect(quoted.length).toBeLessThan(4_000);
        expect(quoted.isWellFormed()).toBe(true);
        expect(quoted).not.toMatch(/<\s*\/?\s*(?:SEEKER|SYSTEM)\s*>|<\||\[INFO-/i);
        expect(withoutControls(quoted, steering)).toBe(quoted);
        const [first = '', ...lines] = quoted.split('\n');
        expect(first).toMatch(/^What do you make of this, which .+ wrote\?$/);
        for (const line of lines) expect(line).toMatch(/^>(?: |$)/);
      }),
    );
  });
});

const file = (name: string, content: string | Uint8Array | null, contentType?: string): ReceivedFile => {
  const bytes = typeof content === 'string' ? new Uint8Array(Buffer.from(content)) : content;
  return { name, bytes, size: bytes?.length ?? 10, ...(contentType && { contentType }) };
};

describe('which files are read', () => {
  it.each([
    ['notes.txt', undefined],
    ['NOTES.MD', 'application/octet-stream'],
    ['main.ts', 'video/mp2t'],
    ['data.json', 'application/json; charset=utf-8'],
    ['README', 'text/plain'],
    ['page', 'text/html; charset=utf-8'],
    ['feed', 'application/xml'],
    ['message.txt', 'text/plain; charset=utf-8'],
  ])('%s (%s) is text', (name, contentType) => {
    expect(judgeAttachment(services, { name, size: 10, ...(contentType && { contentType }) })).toBe('read');
  });

  it.each([
    ['cat.png', 'image/png'],
    ['letter.rtf', 'text/rtf'],
    ['drawing.svg', 'image/svg+xml'],
    ['scan.pdf', 'application/pdf'],
    ['report.docx', 'text/plain'],
    ['archive.txt.zip', undefined],
    ['voice-message.ogg', 'audio/ogg'],
    ['program', undefined],
  ])('%s (%s) is not', (name, contentType) => {
    expect(judgeAttachment(services, { name, size: 10, ...(contentType && { contentType }) })).toBe(
      'not-text',
    );
  });

  it('text beyond the bound is not fetched', () => {
    const { attachmentBytes } = config.limits;
    expect(judgeAttachment(services, { name: 'a.txt', size: attachmentBytes })).toBe('read');
    expect(judgeAttachment(services, { name: 'a.txt', size: attachmentBytes + 1 })).toBe('too-large');
  });
});

describe('decoding', () => {
  it('reads UTF-8 with or without a mark, and UTF-16 with one', () => {
    const text = 'Grüße 🙂\r\n二行目';
    expect(decodeText(Buffer.from(text))).toBe(text);
    expect(decodeText(Buffer.from(`\uFEFF${text}`))).toBe(text);
    const wide = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect(decodeText(wide)).toBe(text);
    expect(decodeText(Buffer.from(wide).swap16())).toBe(text);
  });

  it('refuses what is not text', () => {
    expect(decodeText(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]))).toBeNull();
    expect(decodeText(Buffer.from('a\0b'))).toBeNull();
    expect(decodeText(Buffer.from([0xc3, 0x28]))).toBeNull();
    expect(decodeText(new Uint8Array())).toBe('');
  });

  it('gives back whatever text there was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.includes('\0') && !text.startsWith('\uFEFF'));
        expect(decodeText(Buffer.from(text))).toBe(text);
      }),
    );
  });
});

describe('a message with files', () => {
  it('has their text behind it, each with its name', () => {
    const woven = weaveAttachments(services, ' Read this. ', [
      file('notes.txt', '\uFEFFfirst\r\nsecond\n'),
      file('empty.txt', ' \n'),
      file('cat.png', null, 'image/png'),
      file('gone.txt', null),
      { ...file('big.txt', null), size: 10_000_000 },
      file('lies.txt', new Uint8Array(config.limits.attachmentBytes + 1).fill(97)),
      file('binary.txt', new Uint8Array([0, 255, 1])),
      file('b"a\nd.txt', 'more'),
    ]);
    expect(woven.text).toBe(
      [
        'Read this.',
        'From the attached file "notes.txt":\nfirst\nsecond\n(End of "notes.txt".)',
        'From the attached file "b a d.txt":\nmore\n(End of "b a d.txt".)',
        '(With this came "cat.png", "binary.txt": pictures or files that cannot be seen here.)',
      ].join('\n\n'),
    );
    expect(woven.notices).toEqual([
      say('attachment.empty', { name: 'empty.txt' }),
      say('attachment.notText', { name: 'cat.png' }),
      say('attachment.failed', { name: 'gone.txt' }),
      say('attachment.tooLarge', { name: 'big.txt', limit: 64 }),
      say('attachment.tooLarge', { name: 'lies.txt', limit: 64 }),
      say('attachment.notText', { name: 'binary.txt' }),
    ]);
  });

  it('without anything to read is its own words, or nothing', () => {
    expect(weaveAttachments(services, '', [file('cat.png', null)]).text).toBe('');
    expect(weaveAttachments(services, 'look!', [file('cat.png', null)]).text).toBe(
      'look!\n\n(With this came "cat.png": pictures or files that cannot be seen here.)',
    );
    expect(weaveAttachments(services, '', [file('a.txt', 'hi')]).text).toMatch(/^From the attached/);
  });

  it('never grows beyond what a message may be, and tells of everything that was left out', () => {
    const content = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 1, max: 40_000 }).map((n) => 'word 🙂 '.repeat(n).slice(0, n)),
    );
    const limit = config.server.maxMessageChars;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: limit }).map((n) => 'x'.repeat(n)),
        fc.array(fc.tuple(fc.string({ maxLength: 90 }), content), { maxLength: 5 }),
        (text, given) => {
          const files = given.map(([name, words]) => file(`${name}.txt`, words));
          const woven = weaveAttachments(services, text, files);
          expect(woven.text.length).toBeLessThanOrEqual(limit);
          expect(woven.text.startsWith(text)).toBe(true);
          expect(woven.text.isWellFormed()).toBe(true);
          const whole = woven.text.split('(End of "').length - 1;
          expect(whole + woven.notices.length).toBeGreaterThanOrEqual(files.length);
        },
      ),
      { numRuns: 60 },
    );
    const long = weaveAttachments(services, 'x', [file('long.txt', 'word '.repeat(10_000))]);
    expect(long.notices).toEqual([say('attachment.cut', { name: 'long.txt' })]);
    expect(long.text.endsWith('word\n("long.txt" goes on; only its beginning is shown here.)')).toBe(true);
    expect(long.text.length).toBeGreaterThan(limit - 20);
    const full = weaveAttachments(services, 'x'.repeat(limit), [file('long.txt', 'hello')]);
    expect(full).toEqual({
      text: 'x'.repeat(limit),
      notices: [say('attachment.noRoom', { name: 'long.txt' })],
    });
  });
});
