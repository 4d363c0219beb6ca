import type { LaunchOptions } from '@playwright/test';

// Read at the import: only then does the package bring the system libraries that Chromium needs, for machines without.
process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
const { default: chromium } = await import('@sparticuz/chromium');

const own = process.env.CHROMIUM_BINARY;

// In one process, closing a context would end the whole browser.
const args = chromium.args.filter((arg) => arg !== '--single-process');

/** The Chromium of an npm package, so that nothing is downloaded; or the one of `CHROMIUM_BINARY`. */
export const launchOptions: LaunchOptions =
  own === undefined ? { executablePath: await chromium.executablePath(), args } : { executablePath: own };
