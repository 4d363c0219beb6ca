import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/chromium.ts';

/** Our pages in a real browser, as `npm run test:browser` runs them: one after the other, over one server. */
// biome-ignore lint/style/noDefaultExport: Playwright reads it so
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: './support/global-setup.ts',
  outputDir: '../../.cache/browser',
  workers: 1,
  maxFailures: 3,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  // A phone, the narrowest that people carry.
  use: { viewport: { width: 390, height: 844 }, launchOptions },
});
