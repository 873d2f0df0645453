import { z } from 'zod';

/** Colours of skin and hair that faces are drawn in, and their values. */
export const skins = {
  pale: '#f6d3b8',
  fair: '#eab98f',
  tan: '#d99e6f',
  brown: '#b97a4d',
  dark: '#8d5a37',
  deep: '#63402a',
} as const;
export const hairs = {
  black: '#2b211d',
  brown: '#4a3022',
  chestnut: '#7a4a26',
  fair: '#c99a4e',
  auburn: '#a86e32',
  red: '#8c2f1f',
  grey: '#8e8c8a',
  white: '#d6d2cc',
} as const;

/** What a drawn face must agree with where a card says it. */
export const lookSchema = z.strictObject({
  skin: z.enum(Object.keys(skins) as [keyof typeof skins]).optional(),
  hair: z.enum(['none', ...(Object.keys(hairs) as [keyof typeof hairs])]).optional(),
  /** How it is worn: long, tied up or short. */
  cut: z.enum(['long', 'up', 'short']).optional(),
  beard: z.boolean().optional(),
  glasses: z.boolean().optional(),
});
export type Look = z.infer<typeof lookSchema>;
