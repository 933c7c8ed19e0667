import * as z from 'zod';
import { body, optional } from './body.ts';
import { receiverHeaders, receiverUrl, refuseClash } from './webhook-request.ts';

/** What a subscription to notifications may cover (OCTO). */
export const notificationTypes = ['BOOKING_UPDATE', 'AVAILABILITY_UPDATE', 'PRODUCT_UPDATE'] as const;
/** One of the notification types. */
export type NotificationType = (typeof notificationTypes)[number];

/** In any case (Ventrata), given back in upper case. */
const type = z.string().toUpperCase().pipe(z.enum(notificationTypes));

/** OCTO has a list, Ventrata also one alone. */
interface Named {
  readonly notificationTypes?: readonly NotificationType[];
  readonly notificationType?: NotificationType;
}
const named = {
  notificationTypes: optional(z.array(type).min(1).max(10)),
  notificationType: optional(type),
};

/** The types that a request names, each once. */
function typesOf(request: Named): NotificationType[] {
  return notificationTypes.filter(
    (one) => one === request.notificationType || request.notificationTypes?.includes(one),
  );
}

const onUnlessOff = optional(z.boolean()).transform((value) => value ?? true);

/** POST /notifications/subscriptions (OCTO; `active` and `retryOnError` are Ventrata's). `url` may carry `user:password@`. */
export const subscriptionCreation = body({
  ...named,
  url: receiverUrl,
  headers: optional(receiverHeaders).transform((value) => value ?? {}),
  active: onUnlessOff,
  retryOnError: onUnlessOff,
})
  .superRefine(refuseClash)
  .transform(({ notificationType, ...request }, context) => {
    const types = typesOf({ ...request, ...(notificationType && { notificationType }) });
    if (types.length === 0) {
      context.addIssue({ code: 'custom', path: ['notificationTypes'], message: 'is required', input: undefined });
      return z.NEVER;
    }
    return { ...request, notificationTypes: types };
  });

/** PATCH /notifications/subscriptions/{id} (OCTO): what is left out stays as it is. */
export const subscriptionPatch = body({
  ...named,
  url: optional(receiverUrl),
  headers: optional(receiverHeaders),
  active: optional(z.boolean()),
  retryOnError: optional(z.boolean()),
})
  .superRefine(refuseClash)
  .transform(({ notificationType, notificationTypes: listed, ...request }) => {
    const types = typesOf({
      ...(listed && { notificationTypes: listed }),
      ...(notificationType && { notificationType }),
    });
    return types.length === 0 ? request : { ...request, notificationTypes: types };
  });
