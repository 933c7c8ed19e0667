import { describe, expect, it } from 'vitest';
import { mergeContact, nobody } from './contact.ts';

const names = (given: Parameters<typeof mergeContact>[1], before = nobody) => {
  const { fullName, firstName, lastName } = mergeContact(before, given);
  return [fullName, firstName, lastName];
};

describe('the names of a contact', () => {
  it('follow from each other where one is missing', () => {
    expect(names({ firstName: 'Ada', lastName: 'Byron' })).toEqual(['Ada Byron', 'Ada', 'Byron']);
    expect(names({ fullName: 'Ada King Byron' })).toEqual(['Ada King Byron', 'Ada King', 'Byron']);
    expect(names({ fullName: 'Ada' })).toEqual(['Ada', 'Ada', null]);
    expect(names({ lastName: 'Byron' })).toEqual(['Byron', null, 'Byron']);
    expect(names({ fullName: '  ' })).toEqual(['  ', null, null]);
  });

  it('stay as they are given', () => {
    const given = { fullName: 'Countess of Lovelace', firstName: 'Ada', lastName: 'King' };
    expect(names(given)).toEqual(Object.values(given));
  });

  it('change together', () => {
    const ada = mergeContact(nobody, { firstName: 'Ada', lastName: 'Byron' });
    expect(names({ lastName: 'King' }, ada)).toEqual(['Ada King', 'Ada', 'King']);
    expect(names({ fullName: 'Mary Somerville' }, ada)).toEqual(['Mary Somerville', 'Mary', 'Somerville']);
    expect(names({ emailAddress: 'ada@example.com' }, ada)).toEqual(['Ada Byron', 'Ada', 'Byron']);
    expect(names({ fullName: null, firstName: null, lastName: null }, ada)).toEqual([null, null, null]);
  });
});

describe('the rest of a contact', () => {
  it('stays when it is not mentioned, and is cleared by null', () => {
    const before = { ...nobody, phoneNumber: '123', locales: ['de'], allowMarketing: true };
    expect(mergeContact(before, { notes: 'Hello' })).toEqual({ ...before, notes: 'Hello' });
    expect(mergeContact(before, { phoneNumber: null, locales: null, allowMarketing: null })).toEqual(nobody);
  });
});
