import type { Context } from 'hono';
import { firstLocale, type Whereabouts } from '../../src/care/where.js';

/** Where a browser is: its time zone, which the page sends along, and its languages. */
export function whereaboutsOf({ req }: Context): Whereabouts {
  return {
    timeZone: req.header('x-time-zone')?.slice(0, 64),
    locale: firstLocale(req.header('accept-language')),
  };
}
