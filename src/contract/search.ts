/** Nobody types more, and every letter of it costs. */
export const LONGEST_QUESTION = 200;
