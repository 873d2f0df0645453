import { useState } from 'preact/hooks';
import { drawsEmoji } from '../text/emoji.js';
import { initials } from '../text/initials.js';

const tints = 6;

/** One of the six tints, always the same for the same name. */
function tintOf(name: string): number {
  let sum = 0;
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return sum % tints;
}

/** A character's face: their picture or drawn face, an emoji on a soft tint, or their initials where no emoji can be drawn. */
export function Avatar({
  name,
  avatar,
  size = 'm',
}: {
  name: string;
  avatar?: string | undefined;
  size?: 's' | 'm' | 'l' | 'xl';
}) {
  const [failed, setFailed] = useState<string | null>(null);
  if (avatar?.startsWith('faces/') && failed !== avatar)
    return (
      <span class={`avatar avatar-${size} tint-${tintOf(name)}`} aria-hidden="true">
        <img class="avatar-picture" src={avatar} alt="" loading="lazy" onError={() => setFailed(avatar)} />
      </span>
    );
  const emoji = avatar !== undefined && avatar !== '' && drawsEmoji(avatar);
  return (
    <span class={`avatar avatar-${size} tint-${tintOf(name)}`} aria-hidden="true">
      <span class={emoji ? 'avatar-emoji' : 'avatar-initials'}>{emoji ? avatar : initials(name)}</span>
    </span>
  );
}
