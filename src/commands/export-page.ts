import type { Say } from '../../config/locale.js';
import type { TranscriptEntry } from '../state/session.js';
import type { PersonExport } from '../state/store.js';

/** Nothing is loaded and nothing runs, whatever somebody wrote. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886 }
p, li { white-space: pre-wrap; overflow-wrap: anywhere }
.line { margin: 0.8rem 0 } .meta { color: #777; font-size: 0.85em }`;

/**
 * All that is stored about a person as one page to read: self-contained, everything they and the characters wrote escaped.
 * How each reply came about is in the JSON only.
 */
export function exportPage(data: PersonExport, say: Say): string {
  const word = (key: string, values: Readonly<Record<string, string | number>> = {}): string =>
    escaped(say(`export.${key}`, values));
  const none = `<p class="meta">${word('none')}</p>`;
  const persona = data.profile?.persona;
  const told = [
    ...(['name', 'age', 'country', 'mbti', 'worry'] as const).flatMap((field) => {
      const value = persona?.[field];
      return value === undefined || value === ''
        ? []
        : [`${word(`persona.${field}`)}: ${escaped(String(value))}`];
    }),
    ...(persona?.facts ?? []).map(escaped),
  ];
  const facts = [...data.memories, ...data.proposals].map(({ text, at }) => `${escaped(text)} ${time(at)}`);
  const line = ({ speakerName, text, at, feedback }: TranscriptEntry): string => {
    const mark = feedback === undefined ? '' : ` ${feedback === 'up' ? '👍' : '👎'}`;
    return `<div class="line"><div class="meta"><b>${escaped(speakerName)}</b> ${time(at)}${mark}</div><p dir="auto">${escaped(text)}</p></div>`;
  };
  const talks = data.sessions.map(
    ({ session, transcript }) =>
      `<h3 dir="auto">${escaped(session.title)}</h3>\n<p class="meta">${time(session.createdAt)}</p>\n${transcript.map(line).join('\n')}`,
  );
  const waiting = data.waiting.map(
    ({ speakerName, text, at }) =>
      `<div class="line"><div class="meta"><b>${escaped(speakerName)}</b> ${time(at)}</div><p dir="auto">${escaped(text)}</p></div>`,
  );
  const section = (key: string, parts: readonly string[]): string =>
    `<h2>${word(key)}</h2>\n${parts.length === 0 ? none : parts.join('\n')}`;
  return [
    '<!doctype html>',
    `<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<meta name="viewport" content="width=device-width"><title>${word('title')}</title><style>${style}</style></head><body>`,
    `<h1>${word('title')}</h1>`,
    `<p class="meta">${escaped(data.personId)}, ${time(data.exportedAt)}. ${word('more')}</p>`,
    section('told', list(told)),
    section('facts', list(facts)),
    section('conversations', talks),
    section('shared', data.sharedLines.map(line)),
    section('waiting', waiting),
    '</body></html>',
    '',
  ].join('\n');
}

function list(items: readonly string[]): readonly string[] {
  return items.length === 0
    ? []
    : [`<ul>${items.map((item) => `<li dir="auto">${item}</li>`).join('\n')}</ul>`];
}

/** A time as people read one, UTC. @param at ms since the epoch. */
function time(at: number): string {
  const iso = new Date(at).toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}
