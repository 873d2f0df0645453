/** The feeling a message shows, as a classifier reads it. A guess about a text, never a judgement of a person. */
export interface EmotionReading {
  /** The likeliest of the 32 emotions of EmpatheticDialogues (Rashkin et al. 2019). */
  readonly label: string;
  /** Calibrated, in [0, 1]. */
  readonly probability: number;
  /** Unpleasant −1 … pleasant 1, expected over all emotions (Russell 1980). */
  readonly valence: number;
  /** Calm −1 … excited 1, expected over all emotions. */
  readonly arousal: number;
  /** 0 (worst) to 5 (best): the scale on which CharacterChat ends a talk once the last two are 4 or more. */
  readonly mood: number;
  /** The three likeliest, likeliest first. */
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
}

/** Which feeling a message shows. */
export interface EmotionClassifier {
  readonly kind: string;
  /** Every emotion it can name. */
  readonly labels: readonly string[];
  /** Null where the text is empty. */
  classify(text: string): Promise<EmotionReading | null>;
}
