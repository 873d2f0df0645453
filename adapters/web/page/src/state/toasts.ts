import { signal } from '@preact/signals';
import { ApiError } from '../api/request.js';
import { words } from './words.js';

export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'problem';
  readonly text: string;
  readonly cure: string;
}

export const toasts = signal<readonly Toast[]>([]);
let last = 0;
const doneMs = 4_000;
const problemMs = 12_000;
const most = 3;

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

function show(kind: Toast['kind'], text: string, cure: string): void {
  last += 1;
  const id = last;
  const others = toasts.value.filter((toast) => toast.text !== text);
  toasts.value = [...others, { id, kind, text, cure }].slice(-most);
  setTimeout(() => dismiss(id), kind === 'done' ? doneMs : problemMs);
}

/** Says that something worked. */
export function tell(text: string): void {
  show('done', text, '');
}

/** What happened and what can be done about it, in the person's words. */
export function explain(error: unknown): { readonly text: string; readonly cure: string } {
  const phrases = words().errors;
  if (error instanceof ApiError) {
    if (error.status === 0) return { text: phrases.offline, cure: phrases.offlineCure };
    if (error.message !== '') return { text: error.message, cure: error.cure };
    return { text: `${phrases.unexpected} (${error.code})`, cure: phrases.unexpectedCure };
  }
  return { text: phrases.unexpected, cure: phrases.unexpectedCure };
}

/** Says that something failed, and what can be done. */
export function complain(error: unknown): void {
  const { text, cure } = explain(error);
  show('problem', text, cure);
}

/** Runs what a person asked for; a failure is shown and answered with `false`. */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}
