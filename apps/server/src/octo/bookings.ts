import {
  type BookingDocument,
  bookingFilter,
  cancellationRequest,
  confirmationRequest,
  extensionRequest,
  reservationRequest,
  updateRequest,
  uuid,
} from '@carillon/contract';
import type { Result } from '../supplier/index.ts';
import { sendError, sendList, sendResult, shownAs } from './answer.ts';
import type { OctoApp, OctoContext, OctoDeps } from './deps.ts';
import { invalid } from './error.ts';
import { withBody, withQuery } from './request.ts';

/** POST, GET /bookings; GET, PATCH, DELETE /bookings/{uuid}; POST /bookings/{uuid}/confirm, /extend, /cancel (OCTO). */
export function bookingRoutes(octo: OctoApp, { supplier, limits, now }: OctoDeps): void {
  const answer = (c: OctoContext, result: Result<BookingDocument>) =>
    sendResult(c, result, shownAs(c, 'booking_update', now()));

  /** Acts on the booking that the path names; what is no UUID names none. */
  const named = async (c: OctoContext, act: (id: string) => Promise<Response>): Promise<Response> => {
    const given = c.req.param('uuid') ?? '';
    const parsed = uuid.safeParse(given);
    return parsed.success ? act(parsed.data) : sendError(c, invalid.booking(given));
  };

  octo.post('/bookings', (c) =>
    withBody(c, limits, reservationRequest, async (request) => {
      const { connection, testMode } = c.var.caller;
      return answer(c, await supplier.reserve(connection, { ...request, testMode }));
    }),
  );

  octo.get('/bookings', (c) =>
    withQuery(c, bookingFilter, async (filter) => {
      const found = await supplier.bookings(c.var.caller.connection, filter);
      return sendList(c, found, shownAs(c, 'booking_update', now()));
    }),
  );

  octo.get('/bookings/:uuid', (c) =>
    named(c, async (id) => answer(c, await supplier.booking(c.var.caller.connection, id))),
  );

  octo.patch('/bookings/:uuid', (c) =>
    named(c, (id) =>
      withBody(c, limits, updateRequest, async (request) =>
        answer(c, await supplier.update(c.var.caller.connection, id, request)),
      ),
    ),
  );

  octo.post('/bookings/:uuid/confirm', (c) =>
    named(c, (id) =>
      withBody(c, limits, confirmationRequest, async (request) =>
        answer(c, await supplier.confirm(c.var.caller.connection, id, request)),
      ),
    ),
  );

  octo.post('/bookings/:uuid/extend', (c) =>
    named(c, (id) =>
      withBody(c, limits, extensionRequest, async (request) =>
        answer(c, await supplier.extend(c.var.caller.connection, id, request)),
      ),
    ),
  );

  // DELETE is how octomock and older clients of Ventrata cancel.
  const cancel = (c: OctoContext) =>
    named(c, (id) =>
      withBody(c, limits, cancellationRequest, async (request) =>
        answer(c, await supplier.cancel(c.var.caller.connection, id, request)),
      ),
    );
  octo.post('/bookings/:uuid/cancel', cancel);
  octo.delete('/bookings/:uuid', cancel);
}
