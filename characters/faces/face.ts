import { createHash } from 'node:crypto';
import { hairs, type Look, skins } from './look.js';

/** A part of a drawn face, on a square of 100: painted in the order of the list. */
export type Shape =
  | {
      readonly kind: 'ellipse';
      readonly x: number;
      readonly y: number;
      readonly rx: number;
      readonly ry: number;
      readonly fill: string;
    }
  | {
      readonly kind: 'polygon';
      readonly points: readonly (readonly [number, number])[];
      readonly fill: string;
    };

/** Whose face is drawn. */
export interface FaceOf {
  readonly id: string;
  readonly persona?: { readonly gender?: string | undefined; readonly age?: string | undefined };
  readonly look?: Look | undefined;
}

const grounds = ['#f2d6c4', '#cfe3dc', '#dcd6ef', '#f3e3b3', '#c9dbf0', '#efcfd6', '#d8e6c3', '#e4dccf'];
const anySkin = Object.values(skins);
const anyHair = ['#2b211d', '#4a3022', '#7a4a26', '#a86e32', '#c99a4e', '#8c2f1f', '#3a3a44'];
const greys = ['#b9b6b2', '#8e8c8a', '#d6d2cc'];
const clothes = ['#3f6b7a', '#8a4f5d', '#5c6f45', '#6a5a8c', '#b0713a', '#3d4f78', '#7d7468', '#a2574a'];
const dark = '#2a2320';
/** Of a woman's cuts: two are long, one is tied up, one is short. */
const cuts = { long: 0, up: 2, short: 3 } as const;

/** The face of a character, always the same for the same id; where its card says how it looks it looks so, else its age and gender decide of hair. */
export function faceOf({ id, persona, look = {} }: FaceOf): Shape[] {
  const bytes = createHash('sha256').update(`face\0${id}`).digest();
  let at = 0;
  const draw = (below: number): number => {
    at = (at + 1) % bytes.length;
    return (bytes[at] ?? 0) % below;
  };
  const pick = (list: readonly string[]): string => list[draw(list.length)] ?? dark;
  const age = Number(persona?.age) || 30 + draw(30);
  const gender = (persona?.gender ?? '').trim().toLowerCase();
  const woman = /^(?:f|woman|female|she)/.test(gender) || (!/^m/.test(gender) && draw(2) === 0);
  const [ground, drawnSkin, cloth] = [pick(grounds), pick(anySkin), pick(clothes)];
  const skin = look.skin ? skins[look.skin] : drawnSkin;
  const coloured = pick(anyHair);
  const drawnHair = age > 57 ? pick(greys) : coloured;
  const hair = look.hair === 'none' ? skin : look.hair ? hairs[look.hair] : drawnHair;
  const width = 20 + draw(4);
  const shapes: Shape[] = [box(0, 0, 100, 100, ground)];
  const drawnCut = draw(woman ? 4 : 3);
  const cut = woman && look.cut ? cuts[look.cut] : drawnCut;
  if (woman && cut < 2)
    shapes.push(oval(50, 52, width + 9, 34, hair), box(41 - width + 10, 50, width * 2 + 2, 30, hair));
  if (woman && cut === 2) shapes.push(oval(50, 15, 11, 10, hair));
  shapes.push(oval(50, 104, 38, 28, cloth), box(43, 62, 14, 18, shade(skin, 0.88)));
  shapes.push(oval(50, 81, 9, 5, shade(skin, 0.88)));
  shapes.push(
    oval(50 - width, 49, 4, 6, skin),
    oval(50 + width, 49, 4, 6, skin),
    oval(50, 47, width, 26, skin),
  );
  shapes.push(...hairOf(cut, woman, width, hair));
  const beard = look.beard ?? (!woman && draw(3) === 0);
  if (beard) shapes.push(arc(50, 54, width - 1, 20, hair), oval(50, 56, width - 6, 9, skin));
  shapes.push(...eyesOf(draw(3), look.glasses ?? draw(4) === 0, shade(hair, 0.75)));
  shapes.push(oval(50, 54, 2.2, 1.6, shade(skin, 0.8)));
  if (draw(2) === 0) shapes.push(oval(37, 57, 4, 2.5, blush(skin)), oval(63, 57, 4, 2.5, blush(skin)));
  shapes.push(
    draw(3) === 0
      ? oval(50, 63, 6, 1.3, '#8c4038')
      : arc(50, 61.5, 7, 4.5, draw(2) === 0 ? '#8c4038' : '#a24b45'),
  );
  return shapes;
}

function hairOf(cut: number, woman: boolean, width: number, hair: string): Shape[] {
  const top = dome(50, 42, width + 2, 24, hair);
  if (woman) {
    const fringe: Shape =
      cut === 0
        ? oval(42, 30, 16, 9, hair)
        : cut === 1
          ? oval(58, 30, 16, 9, hair)
          : oval(50, 27, 20, 7, hair);
    return [dome(50, 40, width + 3, 22, hair), fringe];
  }
  if (cut === 0) return [dome(50, 36, width + 1, 17, hair)];
  if (cut === 1) return [dome(50, 38, width + 2, 20, hair), oval(58, 25, 15, 8, hair)];
  return [
    dome(50, 34, width, 15, hair),
    oval(40, 24, 9, 8, hair),
    oval(51, 21, 10, 9, hair),
    oval(61, 24, 9, 8, hair),
    ...(width > 22 ? [] : [oval(50, 28, 12, 4, (top as { fill: string }).fill)]),
  ];
}

function eyesOf(style: number, glasses: boolean, brow: string): Shape[] {
  const shapes: Shape[] = [];
  for (const x of [41, 59]) {
    shapes.push(box(x - 5, 39.5 - (style === 1 ? 1 : 0), 10, 1.7, brow));
    if (glasses) shapes.push(oval(x, 47, 7.4, 6.6, dark), oval(x, 47, 6.3, 5.5, '#f4f1ec'));
    else if (style === 2) shapes.push(oval(x, 47, 4.2, 3, '#fbf8f4'));
    shapes.push(oval(x, 47, 2.1, style === 0 ? 2.6 : 2.2, dark), oval(x + 0.7, 46.2, 0.6, 0.6, '#ffffff'));
  }
  return glasses ? [...shapes, box(48, 46, 4, 1.3, dark)] : shapes;
}

function oval(x: number, y: number, rx: number, ry: number, fill: string): Shape {
  return { kind: 'ellipse', x, y, rx, ry, fill };
}

function box(x: number, y: number, width: number, height: number, fill: string): Shape {
  const [right, below] = [x + width, y + height];
  return {
    kind: 'polygon',
    points: [
      [x, y],
      [right, y],
      [right, below],
      [x, below],
    ],
    fill,
  };
}

/** The lower half of an ellipse: a smile, a beard. */
function arc(x: number, y: number, rx: number, ry: number, fill: string): Shape {
  return { kind: 'polygon', points: half(x, y, rx, ry, 1), fill };
}

/** The upper half of an ellipse. */
function dome(x: number, y: number, rx: number, ry: number, fill: string): Shape {
  return { kind: 'polygon', points: half(x, y, rx, ry, -1), fill };
}

function half(x: number, y: number, rx: number, ry: number, side: 1 | -1): [number, number][] {
  const steps = 24;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const angle = (Math.PI * step) / steps;
    return [round(x + rx * Math.cos(angle)), round(y + side * ry * Math.sin(angle))];
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function shade(colour: string, by: number): string {
  return mixed(colour, (part) => part * by);
}

function blush(colour: string): string {
  return mixed(colour, (part, index) => part * 0.8 + (index === 0 ? 235 : 110) * 0.2);
}

function mixed(colour: string, change: (part: number, index: number) => number): string {
  const parts = [1, 3, 5].map((at, index) => {
    const part = change(Number.parseInt(colour.slice(at, at + 2), 16), index);
    return Math.max(0, Math.min(255, Math.round(part)))
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}
