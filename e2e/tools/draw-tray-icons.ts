import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

/** `node e2e/tools/draw-tray-icons.ts`: draws the mark (src-renderer/app/mark.tsx) as the tray's icons, resources/tray/*.png. */
type Point = readonly [x: number, y: number];

const CHANNEL: readonly Point[] = [[2, 6.5], ...Array.from({ length: 25 }, (_, at): Point => bend(at / 24))];
const WHEEL = { center: [15, 15.5] as Point, radius: 5.5 };
const SPOKES: readonly (readonly [Point, Point])[] = [[[15, 12.8], [15, 18.2]], [[12.3, 15.5], [17.7, 15.5]]];

/** The mark stands a little low and to the left in its square; an icon stands in the middle. */
const OFF_CENTER: Point = [-0.75, 1.75];

/** The mark's one curve: from the channel's end down to the wheel. */
function bend(t: number): Point {
  const [a, b, c, d]: readonly [Point, Point, Point, Point] = [[9.5, 6.5], [13.1, 6.5], [15, 8.5], [15, 11.5]];
  const mix = (axis: 0 | 1): number => (1 - t) ** 3 * a[axis] + 3 * (1 - t) ** 2 * t * b[axis] + 3 * (1 - t) * t ** 2 * c[axis] + t ** 3 * d[axis];
  return [mix(0), mix(1)];
}

function toSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** How much of a pixel the mark covers, 0 to 1. `unit`: of the mark's 24, in one pixel. */
function coverage(point: Point, unit: number): number {
  const channel = Math.min(...CHANNEL.slice(1).map((end, at) => toSegment(point, CHANNEL[at] ?? end, end)));
  const wheel = Math.abs(Math.hypot(point[0] - WHEEL.center[0], point[1] - WHEEL.center[1]) - WHEEL.radius);
  const spokes = Math.min(...SPOKES.map(([a, b]) => toSegment(point, a, b)));
  const covered = (distance: number, width: number): number => Math.max(0, Math.min(1, (width / 2 - distance) / unit + 0.5));
  return Math.max(covered(channel, 2.4), covered(wheel, 2.4), covered(spokes, 2));
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'ascii'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG of `size` × `size` pixels in one colour, as transparent as the mark leaves it. */
function png(size: number, [red, green, blue]: readonly [number, number, number]): Buffer {
  const rows = Array.from({ length: size }, (_, y) => {
    const row = Buffer.alloc(1 + size * 4);
    for (let x = 0; x < size; x += 1) {
      const unit = 24 / size;
      const alpha = Math.round(255 * coverage([(x + 0.5) * unit + OFF_CENTER[0], (y + 0.5) * unit + OFF_CENTER[1]], unit));
      row.set([red, green, blue, alpha], 1 + x * 4);
    }
    return row;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

/** macOS colours a template itself; Windows has light and dark bars; of a Linux panel nothing is known, so it gets the mark's own colour, which is seen on both. */
const ICONS = [
  { name: 'millraceTemplate', size: 16, color: [0, 0, 0] },
  { name: 'on-light', size: 16, color: [0x1a, 0x1d, 0x23] },
  { name: 'on-dark', size: 16, color: [0xff, 0xff, 0xff] },
  { name: 'color', size: 24, color: [0x4c, 0x6e, 0xf5] },
] as const;

const folder = join(import.meta.dirname, '../../resources/tray');
mkdirSync(folder, { recursive: true });
for (const { name, size, color } of ICONS) {
  writeFileSync(join(folder, `${name}.png`), png(size, color));
  writeFileSync(join(folder, `${name}@2x.png`), png(size * 2, color));
}
