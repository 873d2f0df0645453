import { describe, expect, it } from 'vitest';
import { avatarOf, faceUrl } from '../../src/delivery/face-url.js';

const template = 'https://pictures.example/72x72/{code}.png';

describe('faceUrl', () => {
  it.each([
    ['🙂', '1f642'],
    ['❤️', '2764'],
    ['👩‍⚕️', '1f469-200d-2695-fe0f'],
    ['🇮🇪', '1f1ee-1f1ea'],
  ])('names the picture of %s', (avatar, code) => {
    expect(faceUrl(avatar, template)).toBe(`https://pictures.example/72x72/${code}.png`);
  });

  it('takes an address as it is', () => {
    expect(faceUrl('https://example.org/me.png', template)).toBe('https://example.org/me.png');
  });

  it.each([undefined, '', 'M', 'javascript:alert(1)'])('has no picture for %s', (avatar) => {
    expect(faceUrl(avatar, template)).toBeNull();
  });

  it('has none of emoji where pictures are turned off', () => {
    expect(faceUrl('🙂', '')).toBeNull();
  });

  it('a template with {id} names the drawn face of a character, any other its avatar', () => {
    const who = { id: 'maren-voss', avatar: '🙂' };
    const own = 'https://rapport.example/faces/{id}.png';
    expect(faceUrl(avatarOf(who, own), own)).toBe('https://rapport.example/faces/maren-voss.png');
    expect(avatarOf(who, template)).toBe('🙂');
  });
});
