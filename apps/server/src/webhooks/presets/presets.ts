import { hubspotContact, hubspotEvent } from './hubspot.ts';
import { klaviyo } from './klaviyo.ts';
import { mailjet } from './mailjet.ts';
import { postmark } from './postmark.ts';
import type { Preset } from './preset.ts';
import { slack } from './slack.ts';

/** Every preset, in the order in which they are shown. */
export const presets: readonly Preset[] = [postmark, mailjet, klaviyo, hubspotContact, hubspotEvent, slack];
