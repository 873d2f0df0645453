import { describe, expect, it } from 'vitest';
import { deliver } from '../../src/delivery/deliver.js';
import { nonceOf } from '../../src/delivery/nonce.js';
import { joinSegments, resumeDelivery } from '../../src/delivery/resume.js';
import { splitText } from '../../src/delivery/split.js';
import { notes, Setting, said, words } from './setting.js';

/** Writes final rows as a run would have that died before it sent anything. */
async function sealedRows(setting: Setting, texts: readonly string[]): Promise<void> {
  const { turnId, sessionId, address, covers, lease } = setting.context;
  for (const [segment, text] of texts.entries()) {
    const nonce = nonceOf(turnId, covers[0], segment);
    const row = { turnId, segment, sessionId, kind: 'reply' as const, address, nonce, text, covers };
    await setting.store.outbox.intend(lease, { ...row, final: true, receipt: null });
  }
}

function resume(setting: Setting): ReturnType<typeof resumeDelivery> {
  return setting.clock.until(resumeDelivery({ ...setting.context, segments: setting.store.pending }));
}

describe('resumeDelivery', () => {
  it('asks for a regeneration when nothing was written', async () => {
    const setting = new Setting();
    expect(await resume(setting)).toEqual({ outcome: 'regenerate', resume: [] });
  });

  it('posts final rows in order under their nonces, and tells the text', async () => {
    const setting = new Setting();
    await sealedRows(setting, ['First part.', 'second part']);
    const result = await resume(setting);
    expect(result).toMatchObject({
      outcome: 'delivered',
      text: 'First part.\n\nsecond part',
      status: 'complete',
    });
    expect(setting.platform.messages.map((message) => message.nonce)).toEqual(
      setting.store.pending.map((row) => row.nonce),
    );
    expect(setting.platform.visible).toEqual(['First part.', 'second part']);
  });

  it('adopts a message whose receipt was lost instead of posting again', async () => {
    const setting = new Setting({ findReceipt: true, capabilities: { idempotentSend: false } });
    await sealedRows(setting, ['The answer']);
    const { address, turnId, sessionId, speaker, covers } = setting.context;
    const early = {
      text: 'The',
      speaker,
      kind: 'reply' as const,
      final: false,
      last: false,
      turnId,
      sessionId,
    };
    await setting.platform.post(address, early, nonceOf(turnId, covers[0], 0));
    const result = await resume(setting);
    expect(result).toMatchObject({ segments: [{ segment: 0, receipt: { platformMessageId: 'm1' } }] });
    expect(setting.platform.visible).toEqual(['The answer']);
    expect(setting.store.pending[0]?.receipt?.platformMessageId).toBe('m1');
  });

  it('reads back how the reply had ended', async () => {
    const interrupted = new Setting();
    await sealedRows(interrupted, [`Half a\n\n${notes.interrupted}`]);
    expect(await resume(interrupted)).toMatchObject({ text: 'Half a', status: 'interrupted' });
    const stopped = new Setting();
    await sealedRows(stopped, [`Half a\n\n${notes.stopped}`]);
    expect(await resume(stopped)).toMatchObject({ text: 'Half a', status: 'stopped' });
  });

  it('posts a fresh message when the old one was deleted meanwhile', async () => {
    const setting = new Setting();
    await sealedRows(setting, ['Still here?']);
    await resume(setting);
    setting.platform.delete('m1');
    const result = await resume(setting);
    expect(setting.platform.visible).toEqual(['Still here?']);
    expect(result).toMatchObject({ segments: [{ receipt: { platformMessageId: 'm2' } }] });
  });

  it('rejects when the platform refuses for good, and leaves the outbox as it is', async () => {
    const setting = new Setting();
    await sealedRows(setting, ['Hello?']);
    setting.platform.failNext('post', { permanent: true });
    await expect(resume(setting)).rejects.toMatchObject({ code: 'RAPPORT_E_DELIVERY_FAILED' });
    expect(setting.store.pending).toMatchObject([{ text: 'Hello?', final: true, receipt: null }]);
  });
});

describe('joinSegments', () => {
  it('gives prose and code back', () => {
    const code = Array.from({ length: 12 }, (_, n) => `  call(${n});`).join('\n');
    const text = `${said(words(30, 0))}\n\n\`\`\`ts\n${code}\n\`\`\`\n\nAnd a last sentence here.`;
    const texts = splitText(text, { maxChars: 90, fences: true }).map((piece) => piece.text);
    expect(texts.length).toBeGreaterThan(4);
    expect(joinSegments(texts).split(/\s+/)).toEqual(text.split(/\s+/));
    expect(joinSegments([])).toBe('');
  });
});

describe('regenerating over what a crashed run had posted', () => {
  const crashed = async (setting: Setting): Promise<void> => {
    const abandon = new AbortController();
    const script = words(60, 100, 'old');
    const reply = deliver(setting.options(script, { abandon: abandon.signal }));
    reply.catch(() => undefined);
    await setting.clock.advance(5000);
    abandon.abort(new Error('crash'));
    await expect(setting.clock.until(reply)).rejects.toThrow('crash');
  };

  it('edits the old messages and empties those it no longer needs', async () => {
    const setting = new Setting({ capabilities: { maxChars: 100 } });
    await crashed(setting);
    const old = setting.platform.messages.length;
    expect(old).toBeGreaterThan(1);
    const taken = await resume(setting);
    if (taken.outcome !== 'regenerate') throw new Error('the reply was not whole');
    const script = words(8, 50, 'new');
    const result = await setting.clock.until(deliver(setting.options(script, { resume: taken.resume })));
    expect(setting.platform.messages).toHaveLength(old);
    expect(setting.platform.visible.filter((text) => text !== '—').join(' ')).toBe(said(script));
    expect(setting.platform.visible.filter((text) => text === '—')).toHaveLength(
      old - result.segments.length,
    );
    expect(await resume(setting)).toMatchObject({ outcome: 'delivered', text: said(script) });
  });

  it('turns the old message into the notice when the model fails this time', async () => {
    const setting = new Setting();
    await crashed(setting);
    const script = [[10, new Error('no model')]] as const;
    await setting.clock.until(deliver(setting.options(script, { resume: setting.store.pending })));
    expect(setting.platform.visible).toEqual([notes.failure]);
    expect(await resume(setting)).toMatchObject({ outcome: 'delivered', text: '', status: 'interrupted' });
  });

  it('follows old messages that cannot be edited', async () => {
    const setting = new Setting({ findReceipt: true, capabilities: { canEdit: false, maxChars: 100 } });
    await crashed(setting);
    const old = [...setting.platform.visible];
    const script = words(20, 50, 'new');
    await setting.clock.until(deliver(setting.options(script, { resume: setting.store.pending })));
    expect(setting.platform.visible.slice(0, old.length)).toEqual(old);
    expect(setting.platform.visible.slice(old.length).join(' ')).toBe(said(script));
    expect(await resume(setting)).toMatchObject({ outcome: 'delivered', text: said(script) });
  });
});
