import { RapportError } from '../../config/errors.js';

/** Why a file is no character, before it is known how the file is called. */
export class CardRefused extends Error {
  override readonly name = 'CardRefused';

  constructor(
    readonly kind: 'none' | 'invalid' | 'large',
    reason: string,
  ) {
    super(reason);
  }

  /** As a coded error. @param file as the person called it. */
  about(file: string): RapportError {
    const details = { file, reason: this.message };
    if (this.kind === 'none') return new RapportError('RAPPORT_E_CARD_NONE', details);
    if (this.kind === 'large') return new RapportError('RAPPORT_E_CARD_TOO_LARGE', details);
    return new RapportError('RAPPORT_E_CARD_INVALID', details);
  }
}
