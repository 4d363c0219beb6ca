import { once } from 'node:events';
import { startBeside } from '../../core/beside.ts';
import type { PictureKey } from './pictures.ts';

/**
 * Draws pictures as JPEG into files, in a process beside this one: what drawing takes of memory, two hundred megabytes, would
 * stay with the server that was started with the demo.
 * @throws Error when they could not be drawn; what was wrong is on stderr.
 */
export async function drawPictures(
  pictures: readonly (readonly [key: PictureKey, path: string])[],
): Promise<void> {
  const drawing = startBeside(
    './drawing-child',
    import.meta.url,
    pictures.map((pair) => JSON.stringify(pair)),
  );
  const [code, signal] = await once(drawing, 'exit');
  if (code !== 0) throw new Error(`the pictures of the demo could not be drawn: ${code ?? signal}`);
}
