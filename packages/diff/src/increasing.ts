/**
 * The indices, ascending, of a longest strictly increasing subsequence; negative numbers take no part.
 * Patience sorting: O(n log n), and linear when the numbers already increase.
 */
export function longestIncreasing(numbers: Int32Array): number[] {
  const tails: number[] = [];
  const previous = new Int32Array(numbers.length);
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at] as number;
    if (number < 0) continue;
    const length = lengthBelow(number, tails, numbers);
    previous[at] = length === 0 ? -1 : (tails[length - 1] as number);
    tails[length] = at;
  }
  const chain = new Array<number>(tails.length);
  let at = tails.at(-1) ?? -1;
  for (let place = tails.length - 1; place >= 0; place -= 1) {
    chain[place] = at;
    at = previous[at] as number;
  }
  return chain;
}

/** The length of the longest chain that ends below `number`; `tails` has the index of the smallest end of each length. */
function lengthBelow(number: number, tails: readonly number[], numbers: Int32Array): number {
  const last = tails.at(-1);
  if (last === undefined || (numbers[last] as number) < number) return tails.length;
  let low = 0;
  let high = tails.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[tails[middle] as number] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
