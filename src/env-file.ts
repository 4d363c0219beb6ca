import { codeOf } from './core/error-facts.ts';

/** Adds the variables of `.env` in the working directory, if there is one, to those that are not set already. */
export function loadEnvFile(): void {
  try {
    process.loadEnvFile();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
