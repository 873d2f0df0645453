/** How kinds of text look on the screen. */
export interface Paint {
  /** A speaker. */
  name(text: string): string;
  /** What the program says about itself. */
  aside(text: string): string;
}

/** Plain text, for pipes and NO_COLOR. */
export const plainPaint: Paint = { name: (text) => text, aside: (text) => text };

/** Bold and dim, by ANSI SGR codes (ECMA-48 §8.3.117). */
export const ansiPaint: Paint = {
  name: (text) => `\u001b[1m${text}\u001b[22m`,
  aside: (text) => `\u001b[2m${text}\u001b[22m`,
};

/** Colours only where a person looks on and has not asked for none (https://no-color.org). */
export function paintFor(isTty: boolean, env: NodeJS.ProcessEnv): Paint {
  return isTty && !env.NO_COLOR && env.TERM !== 'dumb' ? ansiPaint : plainPaint;
}
