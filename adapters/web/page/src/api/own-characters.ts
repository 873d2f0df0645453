import { call } from './request.js';

/** What came of a file that somebody brought. */
export interface Brought {
  readonly id: string;
  readonly name: string;
  readonly warnings: readonly string[];
}

/** Sends the file of a character. @throws ApiError saying why it is not taken. */
export function bringCharacter(file: File): Promise<Brought> {
  return call<Brought>('POST', 'api/characters/import', file);
}

/** Removes a character of the person's own. */
export function removeCharacter(id: string): Promise<unknown> {
  return call('DELETE', `api/characters/${encodeURIComponent(id)}`);
}
