import type { GuestOccasion } from '../../campaigns/campaign.ts';

/** What is said on one occasion. */
interface OccasionStrings {
  readonly heading: { readonly one: string; readonly other: string };
  readonly intro: string;
  /** The state of a booking, on its card. */
  readonly status: string;
}

/** Every text of the default templates in one language. */
export interface Strings {
  readonly language: string;
  readonly occasions: Readonly<Record<GuestOccasion, OccasionStrings>>;
  /** In place of what is said of a visit ahead, by the reminder of the waiver. */
  readonly waiver: OccasionStrings;
  /** Labels of the buttons that lead to a campaign's link. */
  readonly links: { readonly waiver_reminder: string; readonly review_request: string };
  /** With a place for `amount`. */
  readonly refunded: string;
  readonly paid: string;
  /** Tickets that are not valid any more, with a place for `tickets`. */
  readonly goneTickets: string;
  /** Said of a change, where earlier tickets are not valid any more. */
  readonly newTickets: string;
  /** With a place for `name`. */
  readonly greeting: string;
  readonly greetingUnnamed: string;
  readonly date: string;
  readonly time: string;
  readonly hours: string;
  readonly openDate: string;
  readonly tickets: string;
  readonly price: string;
  readonly total: string;
  readonly reference: string;
  readonly option: string;
  readonly product: string;
  readonly meetingPoint: string;
  readonly pickup: string;
  readonly openMap: string;
  readonly whatChanged: string;
  readonly was: string;
  readonly none: string;
  readonly showCode: string;
  readonly code: string;
  readonly downloadTicket: string;
  readonly addToWallet: string;
  /** Where the HTML has no room for every booking or ticket. */
  readonly rest: string;
  readonly goodToKnow: string;
  readonly refund: Readonly<Record<'FULL' | 'PARTIAL' | 'NONE', string>>;
  readonly reason: string;
  readonly bookAgain: string;
  readonly calendar: string;
  readonly questions: string;
  /** Why the guest gets it who booked; with a place for `supplier`. */
  readonly why: string;
  /** The same for one whose hold ran out. */
  readonly whyHeld: string;
  /** Of marketing. */
  readonly unsubscribe: string;
}
