import type { RapportError } from '../../config/errors.js';
import type { DeliveryNotes, DeliveryResult } from './delivery-options.js';

/** What is put behind a reply for the way it ended, or in its place where it is empty; '' for nothing. */
export function endingNote(
  { interrupted, failure, stopped }: DeliveryNotes,
  status: DeliveryResult['status'] | null,
  error: RapportError | undefined,
  isEmpty: boolean,
): string {
  if (status === 'stopped') return stopped;
  if (!error) return '';
  if (!isEmpty) return interrupted;
  return typeof failure === 'string' ? failure : failure(error);
}
