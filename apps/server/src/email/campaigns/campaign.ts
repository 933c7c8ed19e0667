import type { EmailType, Occasion } from '@carillon/contract';

/** The occasions that make e-mails of their own, strongest first: the strongest one of a message leads it. */
const guestOccasions = ['confirmed', 'cancelled', 'rescheduled', 'updated', 'expired'] as const;
/** An occasion that makes an e-mail of its own. */
export type GuestOccasion = (typeof guestOccasions)[number] & Occasion;

/** An operator's rule: on these occasions, send this template. */
export interface Campaign {
  readonly id: string;
  /** Names it to the operator; unique within the supplier. */
  readonly name: string;
  readonly occasions: readonly Occasion[];
  readonly template: EmailType;
  /** Needs the guest's consent (`contact.allowMarketing`). */
  readonly marketing: boolean;
  readonly enabled: boolean;
}

/** The four e-mails of the help article, which every supplier starts with. */
export const defaultCampaigns: readonly Omit<Campaign, 'id'>[] = [
  { name: 'confirmation', occasions: ['confirmed'], template: 'confirmation', marketing: false, enabled: true },
  { name: 'cancellation', occasions: ['cancelled'], template: 'cancellation', marketing: false, enabled: true },
  { name: 'update', occasions: ['updated', 'rescheduled'], template: 'update', marketing: false, enabled: true },
  { name: 'recovery', occasions: ['expired'], template: 'recovery', marketing: true, enabled: true },
];

/** The campaign that owes an e-mail on an occasion: the first that listens to it, one that is on before one that is off. */
export function campaignFor(occasion: Occasion, campaigns: readonly Campaign[]): Campaign | undefined {
  const listening = campaigns.filter((campaign) => campaign.occasions.includes(occasion));
  return listening.find((campaign) => campaign.enabled) ?? listening[0];
}

/** Occasions from strongest to weakest; those that make no e-mail are left out. */
export function strongestFirst(occasions: Iterable<Occasion>): GuestOccasion[] {
  const present = new Set(occasions);
  return guestOccasions.filter((occasion) => present.has(occasion));
}
