import { signal } from '@preact/signals';
import type { Problem } from '../api/types.js';

const storageKey = 'rapport.key';

/** The open question for the server's key, if there is one. */
export const keyQuestion = signal<{
  readonly problem: Problem;
  readonly answer: (key: string) => void;
} | null>(null);
let asking: Promise<void> | null = null;

/** The key of this browser tab, or null where none was given. */
export function currentKey(): string | null {
  return sessionStorage.getItem(storageKey);
}

export function forgetKey(): void {
  sessionStorage.removeItem(storageKey);
}

/** Asks the person for the key; resolves once one was given. Requests that fail together share one question. */
export function askForKey(problem: Problem): Promise<void> {
  asking ??= new Promise<void>((resolve) => {
    keyQuestion.value = {
      problem,
      answer: (key) => {
        sessionStorage.setItem(storageKey, key);
        keyQuestion.value = null;
        asking = null;
        resolve();
      },
    };
  });
  return asking;
}
