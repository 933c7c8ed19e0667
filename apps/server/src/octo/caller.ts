import { type Audience, chooseLanguage } from '@carillon/contract';
import { acceptedLanguages } from '../platform/http/index.ts';
import type { Connection, SupplierProfile } from '../supplier/index.ts';
import { type RequestedCapabilities, requestedCapabilities, withCapability } from './capabilities.ts';

/** Who calls, and how the answer is to look. */
export interface Caller {
  readonly connection: Connection;
  readonly profile: SupplierProfile;
  readonly capabilities: RequestedCapabilities;
  readonly language: string;
  /** `Octo-Env: test` (Ventrata): what is booked takes no place and its codes admit nobody. */
  readonly testMode: boolean;
}

/** The headers that say how an answer is to look. */
export interface Wishes {
  readonly capabilities: string | undefined;
  readonly languages: string | undefined;
  readonly env: string | undefined;
}

/** The API key of an `Authorization` header, or undefined when there is none. The scheme's case does not matter (RFC 9110). */
export function bearerKey(header: string | undefined): string | undefined {
  return /^bearer +([!-~]{1,512})$/i.exec(header?.trim() ?? '')?.[1];
}

/** Whether `Octo-Env` asks for the test mode; undefined when it says neither `test` nor `live`. Absent or empty is live. */
export function testModeOf(env: string | undefined): boolean | undefined {
  const value = env?.trim().toLowerCase() ?? '';
  if (value === 'test') return true;
  return value === '' || value === 'live' ? false : undefined;
}

/** The caller of a request, or undefined when `Octo-Env` makes no sense: a mistyped `test` must not take a place. */
export function callerOf(connection: Connection, profile: SupplierProfile, wishes: Wishes): Caller | undefined {
  const testMode = testModeOf(wishes.env);
  if (testMode === undefined) return undefined;
  return {
    connection,
    profile,
    capabilities: requestedCapabilities(wishes.capabilities),
    language: chooseLanguage(acceptedLanguages(wishes.languages), profile.languages, profile.language),
    testMode,
  };
}

/** The same caller for a call about orders, which are not shown without octo/cart. */
export function callerWithCart(caller: Caller): Caller {
  return { ...caller, capabilities: withCapability(caller.capabilities, 'octo/cart') };
}

/** The audience that the caller is. */
export function audienceOf(caller: Caller): Audience {
  return {
    capabilities: caller.capabilities.ids,
    language: caller.language,
    fallback: caller.profile.language,
  };
}

/**
 * What every answer says of itself. OCTO names the languages `Available-Languages`, Ventrata `Octo-Available-Languages`: both
 * are sent.
 */
export function answerHeaders(caller: Caller): Record<string, string> {
  const languages = caller.profile.languages.join(', ');
  return {
    'Octo-Capabilities': caller.capabilities.echo,
    'Octo-Env': caller.testMode ? 'test' : 'live',
    'Content-Language': caller.language,
    'Available-Languages': languages,
    'Octo-Available-Languages': languages,
  };
}
