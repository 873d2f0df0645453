import { styleWords } from '../../guidance/attributes.js';
import type { Stage } from './stage.js';

/** How the character speaks: its own attributes, and before them those the person asked for. After an alarm nobody plays with style. */
export const style: Stage<'style'> = {
  name: 'style',
  phase: 'plan',
  run: async (draft, { attributes }) => {
    const { character, opened } = draft.of('match');
    if (draft.of('care').gentle) return [{}, { attributes: {}, rests: true }];
    const asked = opened.style ?? {};
    const set = { ...character.attributes, ...asked };
    return [
      styleWords(set, attributes),
      { attributes: set, ...(Object.keys(asked).length > 0 && { asked }) },
    ];
  },
};
