import type { Entry } from '../api/types.js';

/** The line a conversation begins with: that an AI is speaking. Quieter than a care notice, but always there. */
export function Disclosure({ text }: { text: string }) {
  return <li class="disclosure">{text}</li>;
}

export function isDisclosure(entry: Entry): boolean {
  return entry.role === 'notice' && entry.id.endsWith(':disclosure');
}
