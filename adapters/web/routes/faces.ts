import { Hono } from 'hono';
import { pictureKind } from '../../../characters/cards/read-file.js';
import { barePng } from '../../../characters/faces/bare-png.js';
import { facePng } from '../../../characters/faces/face-png.js';
import { faceSvg } from '../../../characters/faces/face-svg.js';
import { RapportError } from '../../../config/errors.js';
import type { WebServices } from '../web-services.js';

const types = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
} as const;
/** Drawn faces that are kept, a few kilobytes each. */
const maxDrawn = 200;

/**
 * The face of a character: the picture it came with, else the drawn one, as SVG or, with `.png`, as a picture for chat platforms. Asked
 * for without a key, so the card in a picture stays behind, for browsers and platforms have none; a character of somebody's own has an id that nobody guesses.
 */
export function faceRoutes({ bank, library }: Pick<WebServices, 'bank' | 'library'>): Hono {
  const drawn = new Map<string, Buffer>();
  return new Hono().get('/:file', (context) => {
    const [, id = '', ext = ''] = /^([a-z0-9-]{1,64})(\.png)?$/.exec(context.req.param('file')) ?? [];
    const character = bank.get(id);
    if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id });
    const picture = library?.picture(id) ?? null;
    const kind = picture && pictureKind(picture);
    const owned = library?.all().some((one) => one.character.id === id && one.owner !== null);
    context.header('Cache-Control', `${owned ? 'private' : 'public'}, max-age=3600`);
    if (picture && kind) {
      const shown = kind === 'png' ? barePng(picture) : picture;
      return context.body(new Uint8Array(shown), 200, { 'Content-Type': types[kind] });
    }
    if (ext === '') return context.body(faceSvg(character), 200, { 'Content-Type': 'image/svg+xml' });
    const known = drawn.get(id) ?? facePng(character);
    if (drawn.size >= maxDrawn) drawn.clear();
    drawn.set(id, known);
    return context.body(new Uint8Array(known), 200, { 'Content-Type': 'image/png' });
  });
}
