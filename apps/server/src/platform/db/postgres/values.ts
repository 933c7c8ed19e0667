import type { CustomTypesConfig } from 'pg';

const bool = 16;
const int8 = 20;
const int2 = 21;
const int4 = 23;
const oid = 26;
const float4 = 700;
const float8 = 701;
const numeric = 1700;

/** Reads columns as SQLite gives them: numbers for all kinds of number, 0/1 for booleans, text for the rest. */
export const types: CustomTypesConfig = {
  getTypeParser: (type: number) => (text: string) => {
    switch (type) {
      case int2:
      case int4:
      case int8:
      case oid:
        return wholeNumber(text);
      case float4:
      case float8:
      case numeric:
        return Number(text);
      case bool:
        return text === 't' ? 1 : 0;
      default:
        return text;
    }
  },
};

function wholeNumber(text: string): number {
  const number = Number(text);
  // node:sqlite throws as well, rather than give a number that is not the one stored.
  if (!Number.isSafeInteger(number)) throw new RangeError(`the integer ${text} is beyond what a number holds exactly`);
  return number;
}
