import { describe, expect, it } from 'vitest';
import type { Entry, LiveMessage } from '../../../../adapters/web/page/src/api/types.js';
import { parseRoute } from '../../../../adapters/web/page/src/state/route.js';
import {
  mergeEntries,
  putLive,
  replaceNewest,
  withoutCommitted,
  withoutShown,
} from '../../../../adapters/web/page/src/state/transcript.js';

const entry = (id: string, role: Entry['role'] = 'supporter', text = id): Entry => ({
  id,
  turnId: id.split(':')[0] ?? id,
  role,
  speakerName: 'Maren',
  text,
  action: 'speaking',
  at: 0,
  status: 'complete',
  hasTrace: false,
});
const message = (messageId: string, text: string, turnId = 't1'): LiveMessage => ({
  turnId,
  messageId,
  kind: 'reply',
  text,
  final: false,
  speaker: { name: 'Maren' },
});

describe('a transcript', () => {
  it('replaces known entries in place and appends new ones', () => {
    const merged = mergeEntries([entry('a'), entry('b')], [entry('b', 'supporter', 'new'), entry('c')]);
    expect(merged.map(({ id, text }) => [id, text])).toEqual([
      ['a', 'a'],
      ['b', 'new'],
      ['c', 'c'],
    ]);
  });

  it('keeps older lines and takes the newest page from the server, also where a line is gone', () => {
    const known = [entry('old'), entry('a'), entry('regenerated')];
    expect(replaceNewest(known, [entry('a'), entry('b')]).map(({ id }) => id)).toEqual(['old', 'a', 'b']);
    expect(replaceNewest(known, [entry('x')]).map(({ id }) => id)).toEqual(['x']);
    expect(replaceNewest(known, [])).toEqual([]);
  });

  it('grows a live message by its id and keeps when it was first seen', () => {
    const first = putLive([], message('m', 'He'), 1);
    expect(putLive(first, message('m', 'Hello'), 2)).toEqual([{ ...message('m', 'Hello'), since: 1 }]);
  });

  it('drops live messages whose turn is committed, but not on the line of the seeker', () => {
    const live = putLive([], message('m', 'Hi'), 1);
    expect(withoutCommitted(live, [entry('t1', 'seeker')])).toHaveLength(1);
    expect(withoutCommitted(live, [entry('t1:0')])).toHaveLength(0);
  });

  it('drops outgoing messages once the transcript shows them, under a prefixed id too', () => {
    const outgoing = ['u1', 'u2', 'u3'].map((id) => ({ id, text: id, at: 0, state: 'recorded' as const }));
    const shown = [entry('u1', 'seeker'), entry('web:u2', 'seeker')];
    expect(withoutShown(outgoing, shown).map(({ id }) => id)).toEqual(['u3']);
  });
});

describe('parseRoute', () => {
  it('names the screen of an address', () => {
    expect(parseRoute('')).toEqual({ screen: 'start' });
    expect(parseRoute('#/')).toEqual({ screen: 'start' });
    expect(parseRoute('#/data')).toEqual({ screen: 'data' });
    expect(parseRoute('#/chat/web%3A1')).toEqual({ screen: 'chat', id: 'web:1' });
    expect(parseRoute('#/characters/maren-voss')).toEqual({ screen: 'character', id: 'maren-voss' });
    expect(parseRoute('#/chat/%')).toEqual({ screen: 'chat', id: '%' });
    expect(parseRoute('#/nowhere')).toEqual({ screen: 'unknown' });
    expect(parseRoute('#/chat/a/b')).toEqual({ screen: 'unknown' });
  });
});
