import { createRequire } from 'node:module';
import { create } from 'qrcode';
import { expect, test } from 'vitest';
import { qrPng } from './qr.ts';

// The PNG reader that comes with the qrcode package: another's reading of the same format.
const { PNG } = createRequire(createRequire(import.meta.url).resolve('qrcode'))('pngjs') as {
  PNG: { sync: { read(png: Buffer): { width: number; height: number; data: Buffer } } };
};

test.each(['V-0001', 'https://tickets.example/0b0b0b0b-0000-4000-8000-000000000001', 'x'.repeat(800)])(
  'the picture shows every module of the code, with white around it: %s',
  (text) => {
    const { width, height, data } = PNG.sync.read(qrPng(text));
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    expect(width).toBe((modules.size + 8) * 16);
    expect(height).toBe(width);
    const wrong: string[] = [];
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const [row, column] = [Math.floor(y / 16) - 4, Math.floor(x / 16) - 4];
        const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
        const black = inside && Boolean(modules.get(row, column));
        if (data[(y * width + x) * 4] !== (black ? 0 : 255)) wrong.push(`${x},${y}`);
      }
    }
    expect(wrong).toEqual([]);
  },
);
