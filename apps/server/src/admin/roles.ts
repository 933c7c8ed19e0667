import { type Role, roles } from '@carillon/contract';

/** Every route of `/api` with the least role that may call it. A viewer looks; each role may do what those before it may. */
export const leastRoles: Readonly<Record<string, Role>> = {
  'GET /suppliers': 'viewer',
  'POST /suppliers': 'owner',
  'GET /suppliers/{id}': 'viewer',
  'PATCH /suppliers/{id}': 'owner',
  'DELETE /suppliers/{id}': 'owner',
  'POST /suppliers/{id}/suspend': 'owner',
  'POST /suppliers/{id}/resume': 'owner',
  'POST /suppliers/{id}/tokens': 'owner',
  'GET /users': 'owner',
  'POST /users': 'owner',
  'PATCH /users/{id}': 'owner',
  'DELETE /users/{id}': 'owner',
  'GET /tokens': 'owner',
  'POST /tokens': 'owner',
  'DELETE /tokens/{id}': 'owner',
  'GET /connections': 'viewer',
  'POST /connections': 'operator',
  'PATCH /connections/{id}': 'operator',
  'POST /connections/{id}/key/rotate': 'developer',
  'DELETE /connections/{id}': 'operator',
  'GET /products': 'viewer',
  'POST /products': 'operator',
  'GET /products/{id}': 'viewer',
  'PUT /products/{id}': 'operator',
  'PATCH /products/{id}': 'operator',
  'DELETE /products/{id}': 'operator',
  'PATCH /products/{id}/options/{optionId}': 'operator',
  'GET /slots': 'viewer',
  'GET /products/{id}/options/{optionId}/availability/{availabilityId}': 'viewer',
  'PATCH /products/{id}/options/{optionId}/availability/{availabilityId}': 'operator',
  'GET /bookings': 'viewer',
  'GET /bookings/{uuid}': 'viewer',
  'POST /bookings/{uuid}/accept': 'operator',
  'POST /bookings/{uuid}/reject': 'operator',
  'POST /bookings/{uuid}/redeem': 'operator',
  'POST /bookings/{uuid}/no-show': 'operator',
  'GET /orders': 'viewer',
  'GET /orders/{id}': 'viewer',
  'POST /orders/{id}/payments': 'operator',
  'POST /orders/{id}/refunds': 'operator',
  'GET /campaigns': 'viewer',
  'PATCH /campaigns/{id}': 'operator',
  'GET /messages': 'viewer',
  'GET /messages/{id}/attempts': 'viewer',
  'GET /webhooks': 'viewer',
  'PATCH /webhooks/{id}': 'developer',
  'DELETE /webhooks/{id}': 'developer',
  // A look at a secret is a use of it.
  'GET /webhooks/{id}/secret': 'developer',
  'POST /webhooks/{id}/secret/rotate': 'developer',
  'POST /webhooks/{id}/enable': 'developer',
  'GET /deliveries': 'viewer',
  'GET /deliveries/{id}/attempts': 'viewer',
};

/** Whether a role may do what needs another. */
export const reaches = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);

/** The lesser of two roles. */
export const lesser = (one: Role, other: Role): Role => (reaches(one, other) ? other : one);
