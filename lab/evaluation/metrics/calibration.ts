import { mean } from './mean.js';

/** A prediction with how sure the classifier was. */
export interface Confident {
  /** In [0, 1]. */
  readonly confidence: number;
  readonly right: boolean;
}

/**
 * Expected calibration error (Naeini et al. 2015): the mean gap between confidence and accuracy over bins of equal width,
 * weighted by their sizes; in [0, 1], 0 where every confidence is earned.
 */
export function expectedCalibrationError(predictions: readonly Confident[], bins = 15): number {
  const byBin = new Map<number, Confident[]>();
  for (const prediction of predictions) {
    const bin = Math.min(bins - 1, Math.floor(prediction.confidence * bins));
    const found = byBin.get(bin);
    if (found) found.push(prediction);
    else byBin.set(bin, [prediction]);
  }
  let error = 0;
  for (const inside of byBin.values()) {
    const accuracy = mean(inside.map(({ right }) => (right ? 1 : 0)));
    const confidence = mean(inside.map((one) => one.confidence));
    error += (Math.abs(accuracy - confidence) * inside.length) / predictions.length;
  }
  return error;
}
