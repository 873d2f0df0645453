import { type FaceOf, faceOf } from './face.js';

/** The drawn face of a character as an SVG; nothing of the character's own words is in it. */
export function faceSvg(who: FaceOf): string {
  const shapes = faceOf(who).map((shape) =>
    shape.kind === 'ellipse'
      ? `<ellipse cx="${shape.x}" cy="${shape.y}" rx="${shape.rx}" ry="${shape.ry}" fill="${shape.fill}"/>`
      : `<polygon points="${shape.points.map((point) => point.join(',')).join(' ')}" fill="${shape.fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${shapes.join('')}</svg>\n`;
}
