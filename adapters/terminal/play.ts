import type { Speaker } from '../../src/prompting/prompt-input.js';
import type { Scene } from '../../src/turn/scene.js';
import type { Face } from './face.js';

/** Lets one side of a scene say a line and shows it as it grows. */
export async function playLine(
  scene: Scene,
  speaker: Speaker,
  name: string,
  {
    goal = null,
    signal,
    face,
  }: { readonly goal?: string | null; readonly signal: AbortSignal; readonly face: Face },
): Promise<string> {
  const id = `line:${scene.lines.length}`;
  let text = '';
  for await (const delta of scene.speak(speaker, { goal, signal })) {
    text += delta;
    face.message(id, { text, kind: 'reply', speaker: { name } });
  }
  return text.trim();
}
