/** How grave it is, the field's own words, mildest first. */
export const grades = ['none', 'distress', 'ideation', 'plan', 'imminent'] as const;
export type Grade = (typeof grades)[number];

/**
 * What it is about: one's own death; cutting, an eating disorder; what others do to the person; what the person may do to
 * others; a medical emergency; somebody else at risk.
 */
export const riskKinds = ['suicide', 'self-harm', 'abuse', 'violence', 'medical', 'other'] as const;
export type RiskKind = (typeof riskKinds)[number];

/** What the platform itself says to somebody in danger. */
export interface CareAnswer {
  readonly grade: Grade;
  readonly kind: RiskKind;
  readonly text: string;
}
