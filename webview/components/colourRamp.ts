/**
 * A ramp of one hue from the background of the theme to its accent, monotone in luminance. Pure.
 * Colours are interpolated in Oklab (B. Ottosson, "A perceptual color space for image processing", 2020).
 */

/** Red, green, blue, 0 to 1, sRGB with gamma. */
export type Rgb = readonly [number, number, number];

/** Reads `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb()` and `rgba()`; the alpha is left out. Undefined where it is none of them. */
export function parseColour(text: string): Rgb | undefined {
  const trimmed = text.trim();
  const hex = /^#([0-9a-f]{3,8})$/iu.exec(trimmed)?.[1];
  if (hex !== undefined) return parseHex(hex);
  const numbers = /^rgba?\(([^)]*)\)$/iu.exec(trimmed)?.[1]?.split(/[\s,/]+/u).map(Number);
  const [red, green, blue] = numbers ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return [red / 255, green / 255, blue / 255];
}

function parseHex(hex: string): Rgb | undefined {
  const long = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
  if (long.length < 6) return undefined;
  const at = (start: number): number => Number.parseInt(long.slice(start, start + 2), 16) / 255;
  return [at(0), at(2), at(4)];
}

/** Relative luminance, 0 to 1 (WCAG 2.2). */
export function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** The colour of a probability: 0 is the background, 1 the strongest; lightness moves away from the background evenly. */
export function rampColour(background: Rgb, accent: Rgb, probability: number): Rgb {
  const t = Math.min(1, Math.max(0, probability));
  const from = toOklab(background);
  const hue = toOklab(accent);
  const scale = Math.min(1, 0.15 / Math.max(0.001, Math.hypot(hue.a, hue.b)));
  const end = luminance(background) > 0.4 ? 0.38 : 0.82;
  // The colour is full early: a pale grey would read as no colour at all.
  const share = Math.min(1, t * 1.8);
  return inGamut({
    lightness: from.lightness + (end - from.lightness) * t,
    a: from.a + (hue.a * scale - from.a) * share,
    b: from.b + (hue.b * scale - from.b) * share,
  });
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(a: Rgb, b: Rgb): number {
  const [one, other] = [luminance(a), luminance(b)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Black or white, whichever reads better on this colour: at least 4.5 to 1 on any. */
export function inkOn(colour: Rgb): '#000000' | '#ffffff' {
  return contrast(colour, [0, 0, 0]) >= contrast(colour, [1, 1, 1]) ? '#000000' : '#ffffff';
}

export function cssColour([red, green, blue]: Rgb): string {
  const byte = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 255);
  return `rgb(${byte(red)}, ${byte(green)}, ${byte(blue)})`;
}

interface Oklab {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

/** Less chroma until the colour exists: clipping channels would bend the luminance. */
function inGamut(colour: Oklab): Rgb {
  let left = 1;
  for (let step = 0; step < 24; step += 1) {
    const rgb = fromOklab({ lightness: colour.lightness, a: colour.a * left, b: colour.b * left });
    if (rgb.every((value) => value >= -0.0005 && value <= 1.0005)) return rgb;
    left *= 0.85;
  }
  return fromOklab({ lightness: colour.lightness, a: 0, b: 0 });
}

function toOklab([red, green, blue]: Rgb): Oklab {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function fromOklab({ lightness, a, b }: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function gamma(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}
