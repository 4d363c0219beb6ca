import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { type Desk, startDesk } from './desk.ts';

export { expect };

/** A refusal of the API is no fault of a page. */
const isRefusal = (text: string) => text.startsWith('Failed to load resource: the server responded with');

/**
 * Every page is held to having no fault of its own: no error in the console, where refusals by the security policy
 * stand too, and none thrown.
 */
export const test = base.extend<{ faults: string[] }, { desk: Desk }>({
  desk: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs
    async ({}, use) => {
      const desk = await startDesk();
      await use(desk);
      await desk.stop();
    },
    { scope: 'worker', timeout: 150_000 },
  ],
  baseURL: async ({ desk }, use) => use(desk.url),
  faults: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !isRefusal(message.text())) faults.push(message.text());
      });
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

/** What is shown now fits a phone, and has no fault that axe finds. `SCREENSHOTS` names a directory to keep a picture in. */
export async function expectSound(page: Page, name: string): Promise<void> {
  const heading = page.locator('main > section:visible h1');
  await expect(heading).toHaveCount(1);
  const directory = process.env.SCREENSHOTS;
  if (directory) await page.screenshot({ path: `${directory}/${name}.png`, fullPage: true });
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  expect(width, `the width of ${name}`).toBeLessThanOrEqual(390);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}
