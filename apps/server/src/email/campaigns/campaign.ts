import { type EmailType, emailTypes, type Occasion } from '@carillon/contract';
import { type CampaignRule, plainRule } from './rule.ts';

/** The occasions of e-mails, strongest first: the strongest one of a message leads it. */
const byStrength = [
  'confirmed',
  'cancelled',
  'rescheduled',
  'updated',
  'refunded',
  'tickets_changed',
  'contact_changed',
  'paid',
  'visit_ahead',
  'visit_over',
  'expired',
] as const satisfies readonly Occasion[];
/** An occasion of an e-mail. */
export type GuestOccasion = Occasion;

/** The occasions that come from the time of a visit, and not from something that happened. */
export const visitOccasions = ['visit_ahead', 'visit_over'] as const;
/** See `visitOccasions`. */
export type VisitOccasion = (typeof visitOccasions)[number];

/** The templates that every supplier has: those of the help article and those of the other default campaigns. */
export const templateNames = [
  ...emailTypes,
  'refund',
  'tickets_changed',
  'waiver_reminder',
  'reminder',
  'review_request',
] as const satisfies readonly (EmailType | string)[];
/** See `templateNames`. */
export type TemplateName = (typeof templateNames)[number];

/** An operator's rule: on these occasions, under these conditions, send this template. */
export interface Campaign extends CampaignRule {
  readonly id: string;
  /** Names it to the operator; unique within the supplier. */
  readonly name: string;
  readonly occasions: readonly Occasion[];
  readonly template: TemplateName;
  /** Needs the guest's consent (`contact.allowMarketing`). */
  readonly marketing: boolean;
  readonly enabled: boolean;
  /** Of campaigns on one occasion, the one with the lowest is asked first. */
  readonly priority: number;
}

type Told = Pick<Campaign, 'name' | 'occasions' | 'template'> & Partial<Campaign>;
const campaign = (told: Told): Omit<Campaign, 'id'> => ({
  ...plainRule,
  marketing: false,
  enabled: true,
  priority: 100,
  ...told,
});
const days = (count: number) => ({ days: count, minutes: 0 });

/** What every supplier starts with: the four e-mails of the help article, and those that Ventrata's users know beside them. */
export const defaultCampaigns: readonly Omit<Campaign, 'id'>[] = [
  campaign({ name: 'confirmation', occasions: ['confirmed'], template: 'confirmation' }),
  campaign({ name: 'cancellation', occasions: ['cancelled'], template: 'cancellation' }),
  campaign({ name: 'update', occasions: ['updated', 'rescheduled'], template: 'update' }),
  campaign({ name: 'recovery', occasions: ['expired'], template: 'recovery', marketing: true }),
  campaign({ name: 'refund', occasions: ['refunded'], template: 'refund' }),
  campaign({ name: 'tickets changed', occasions: ['tickets_changed'], template: 'tickets_changed' }),
  // Nothing in a booking tells that there is a waiver: it is on once the operator says where.
  campaign({
    name: 'waiver reminder',
    occasions: ['visit_ahead'],
    template: 'waiver_reminder',
    enabled: false,
    offset: days(-2),
  }),
  campaign({ name: 'reminder', occasions: ['visit_ahead'], template: 'reminder', offset: days(-1) }),
  campaign({
    name: 'review request',
    occasions: ['visit_over'],
    template: 'review_request',
    marketing: true,
    offset: days(1),
    cap: { most: 1, days: 30 },
  }),
];

/** The campaign that owes an e-mail on an occasion: the first that listens to it, one that is on before one that is off. */
export function campaignFor(occasion: Occasion, campaigns: readonly Campaign[]): Campaign | undefined {
  const listening = campaigns.filter((each) => each.occasions.includes(occasion));
  return listening.find((each) => each.enabled) ?? listening[0];
}

/** The campaigns that send on an occasion, in order: those that are on and match, up to one that is to be the only one. */
export function campaignsOn(
  occasion: Occasion,
  campaigns: readonly Campaign[],
  matches: (campaign: Campaign) => boolean,
): Campaign[] {
  const sending: Campaign[] = [];
  for (const each of campaigns) {
    if (!each.enabled || !each.occasions.includes(occasion) || !matches(each)) continue;
    sending.push(each);
    if (each.only) break;
  }
  return sending;
}

/** Occasions from strongest to weakest, each once. */
export function strongestFirst(occasions: Iterable<Occasion>): GuestOccasion[] {
  const present = new Set(occasions);
  return byStrength.filter((occasion) => present.has(occasion));
}
