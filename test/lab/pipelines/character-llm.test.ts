import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readObjects, scenesIn, scriptIn } from '../../../lab/pipelines/character-llm/read.js';
import { exportText, paragraphs, sceneList } from '../../../lab/pipelines/character-llm/rows.js';
import { experiences, protective, scenes } from '../../../lab/pipelines/character-llm/stages.js';
import { metaPrompt } from '../../../src/prompting/character-llm.js';
import { fileOf, lastOf, runOver } from './run-stage.js';

const paragraph = { gen_answer_id: 3, character: 'Oda', name: 'Oda Lien', profile: 'Oda {built} boats.' };
const sceneText =
  'Scene 1:\nType: Chat\nLocation: The yard\nBackground: A boat is late.\n\nScene 2:\nType: Debate\nBackground: no place';
const script = `Background:
The yard, at noon.

Oda (thinking)
Late again: at 10:30 it should be here.

Oda (speaking)
"Where is it?"

It was promised: today.

Per (speaking): Soon (smiling).

Per (thinking)
Hm.`;

describe('character-llm (issue 16 B)', () => {
  test('a profile becomes paragraphs, repeated to a hundred prompts by the seed', async () => {
    const file = fileOf([]);
    writeFileSync(file, '# Oda Lien\n\nOne.\n\n## Youth\nTwo is longer.\n\nThree.\n');
    const options = { in: file, seed: 1, character: 'Oda' };
    expect(await paragraphs(options)).toHaveLength(3);
    expect((await paragraphs(options))[1]).toEqual({
      gen_answer_id: 1,
      character: 'Oda',
      name: 'Oda Lien',
      profile: '## Youth\nTwo is longer.',
    });
    const many = await paragraphs({ ...options, set: 'scenes' });
    expect(many).toHaveLength(100);
    expect(await paragraphs({ ...options, set: 'scenes' })).toEqual(many);
  });

  test('scenes: an answer without a whole block is asked for again; a bad block is left out (trap 7)', async () => {
    const { rows, requests } = await runOver<object>(scenes, [paragraph], (_, n) =>
      n === 1 ? 'Scene 1: none' : sceneText,
    );
    expect(requests).toHaveLength(2);
    expect(lastOf(requests[0] as never)).toContain('{built}');
    expect(await sceneList({ in: fileOf(rows), seed: 1 })).toEqual([
      {
        type: 'Chat',
        location: 'The yard',
        background: 'A boat is late.',
        source: 'seed_scene_3_c1',
        profile: 'Oda {built} boats.',
        character: 'Oda',
        name: 'Oda Lien',
      },
    ]);
    expect(scenesIn('**Type:** A\n**Location:** B\n**Background:** C')).toEqual([
      { type: 'A', location: 'B', background: 'C' },
    ]);
  });

  test('the released runner prints objects one after another; failed records are left out', async () => {
    const file = fileOf([]);
    const record = { gen_answer_id: 0, completions: `{ ${sceneText}`, check_result: true, prompt: 'a "}{\n' };
    writeFileSync(
      file,
      `${JSON.stringify(record, null, 2)}${JSON.stringify({ ...record, gen_answer_id: 1, check_result: false }, null, 2)}\n`,
    );
    expect(readObjects(file)).toHaveLength(2);
    expect(await sceneList({ in: file, seed: 1, character: 'Oda', name: 'Oda Lien' })).toHaveLength(1);
  });

  test('turns keep colons and paragraphs (trap 4); others have no thoughts; marks of a cut answer go (trap 12)', () => {
    expect(scriptIn(`${script}<|NONSTOP|>`, 'Oda')).toEqual({
      setting: ['The yard, at noon.'],
      dialogue: [
        { role: 'Oda', action: '(thinking)', content: 'Late again: at 10:30 it should be here.' },
        { role: 'Oda', action: '(speaking)', content: 'Where is it?\nIt was promised: today.' },
        { role: 'Per', action: '(speaking)', content: 'Soon.' },
      ],
    });
    expect(scriptIn('Oda (speaking)\nHi', 'Oda')).toBe('it has no background');
    expect(scriptIn('Background:\nx\n\nOda (speaking)\nHi', 'Oda')).toBe('it has fewer than three turns');
  });

  test('experiences and protective scenes are asked for until they can be used; place and background are those of the scene (trap 6)', async () => {
    const scene = {
      ...paragraph,
      source: 'seed_scene_3_c1',
      type: 'Chat',
      location: 'The yard',
      background: 'A boat is late.',
    };
    const lived = await runOver<{ source: string; location: string; background: string }>(
      experiences,
      [scene],
      (_, n) => (n === 1 ? 'no' : n === 2 ? { cut: script } : script),
    );
    expect(lived.requests).toHaveLength(3);
    expect(lived.rows[0]).toMatchObject({
      source: 'seed_dialogue_3_c1',
      location: 'The yard',
      background: 'A boat is late.',
    });
    const guarded = await runOver<{ source: string }>(protective, [paragraph], () => script);
    const text = await exportText({
      in: fileOf(lived.rows),
      with: fileOf(guarded.rows),
      seed: 1,
      character: 'Oda',
      name: 'Oda Lien',
    });
    expect(text).toHaveLength(2);
    expect(text[0]).toEqual({
      prompt: `${metaPrompt.replaceAll('{character}', 'Oda Lien').replace('{loc_time}', 'The yard').replace('{status}', 'The yard, at noon.')}\n\n`,
      output:
        'Oda (thinking): Late again: at 10:30 it should be here.<|eot|>\nOda (speaking): Where is it?\nIt was promised: today.<|eot|>\nPer (speaking): Soon.<|eot|>',
      source: 'seed_dialogue_3_c1',
    });
    // A protective scene has speaking only, in a room; turns of one speaker in a row are one.
    expect(text[1]).toMatchObject({
      source: 'seed_hallucination_3',
      prompt: expect.stringContaining('Location: A room\nStatus: Oda is chatting with a person.'),
    });
    expect((text[1] as { output: string }).output).toBe(
      'Oda (speaking): Late again: at 10:30 it should be here.\nWhere is it?\nIt was promised: today.<|eot|>\nPer (speaking): Soon.<|eot|>',
    );
  });
});
