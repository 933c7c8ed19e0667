import type { Option } from '@carillon/contract';
import { describe, expect, it } from 'vitest';
import { mergeContact, missingContactFields, nobody } from './contact.ts';

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

it('finds the part of a full name that is not given, whoever had the booking before', () => {
  const ada = mergeContact(nobody, { firstName: 'Ada', lastName: 'Byron' });
  const parts = (fullName: string, part: object) => names({ fullName, ...part }, ada).slice(1);
  expect(parts('Mary Somerville', { firstName: 'Mary' })).toEqual(['Mary', 'Somerville']);
  expect(parts('Johann Wolfgang von Goethe', { lastName: 'von Goethe' })).toEqual(['Johann Wolfgang', 'von Goethe']);
  expect(parts('Johann Wolfgang von Goethe', { firstName: 'Johann Wolfgang' })).toEqual([
    'Johann Wolfgang',
    'von Goethe',
  ]);
  expect(parts('Countess of Lovelace', { firstName: 'Augusta' })).toEqual(['Augusta', 'Lovelace']);
  expect(parts('Cher', { firstName: 'Cher' })).toEqual(['Cher', null]);
});

it('lacks what is blank', () => {
  const blank = mergeContact(nobody, { firstName: ' ', lastName: '', emailAddress: '  ' });
  const option = { requiredContactFields: ['firstName', 'lastName', 'emailAddress', 'locales'] } as unknown as Option;
  expect(missingContactFields({ contact: blank, option, unitItems: [] })).toEqual([
    'contact.firstName',
    'contact.lastName',
    'contact.emailAddress',
    'contact.locales',
  ]);
});

describe('the rest of a contact', () => {
  it('stays when it is not mentioned, and is cleared by null', () => {
    const before = { ...nobody, phoneNumber: '123', locales: ['de'], allowMarketing: true };
    expect(mergeContact(before, { notes: 'Hello' })).toEqual({ ...before, notes: 'Hello' });
    expect(mergeContact(before, { phoneNumber: null, locales: null, allowMarketing: null })).toEqual(nobody);
  });
});
