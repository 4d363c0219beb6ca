import { chromium } from '@playwright/test';
import { launchOptions } from './chromium.ts';

const HELP = `The npm package brings a Chromium for Linux on x64 and unpacks it into the temporary directory (200 MB).
On another machine name one of yours in CHROMIUM_BINARY.`;

/** Says at once, and once, when there is no browser here. */
// biome-ignore lint/style/noDefaultExport: Playwright reads it so
export default async function globalSetup(): Promise<void> {
  try {
    await (await chromium.launch(launchOptions)).close();
  } catch (error) {
    throw new Error(`Chromium does not start here. ${HELP}\n${String(error)}`);
  }
}
