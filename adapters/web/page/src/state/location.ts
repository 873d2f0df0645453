import { signal } from '@preact/signals';
import { parseRoute, type Route } from './route.js';

/** The screen that is shown; follows the address. */
export const route = signal<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

export function go(href: string): void {
  location.hash = href;
}
