import { signal } from '@preact/signals';
import { api } from '../api/calls.js';
import type { Country } from '../api/types.js';
import { attempt } from './toasts.js';

/** The countries there are helplines of; fetched once. */
export const countries = signal<readonly Country[]>([]);

export async function loadCountries(): Promise<void> {
  if (countries.value.length > 0) return;
  await attempt(async () => {
    countries.value = await api.countries();
  });
}
