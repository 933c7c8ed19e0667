import { availabilityRequest, calendarRequest, shapeOf, viewBy } from '@carillon/contract';
import type { CalendarDay } from '../supplier/index.ts';
import { sendResult, shownAs } from './answer.ts';
import { audienceOf } from './caller.ts';
import type { OctoApp, OctoDeps } from './deps.ts';
import { withBody } from './request.ts';

/** OCTO AvailabilityCalendar: prices come with octo/pricing. A day of a calendar is no document, so the table lacks it. */
const calendarDay = shapeOf<CalendarDay>({
  unitPricingFrom: { capability: 'octo/pricing' },
  pricingFrom: { capability: 'octo/pricing' },
});

/** POST /availability and /availability/calendar (OCTO). */
export function availabilityRoutes(octo: OctoApp, { supplier, limits, now }: OctoDeps): void {
  octo.post('/availability', (c) =>
    withBody(c, limits, availabilityRequest, async (query) => {
      const slots = await supplier.availability(c.var.caller.connection.supplierId, query);
      const show = shownAs(c, 'availability_update', now());
      return sendResult(c, slots, (found) => found.map(show));
    }),
  );

  octo.post('/availability/calendar', (c) =>
    withBody(c, limits, calendarRequest, async (query) => {
      const days = await supplier.calendar(c.var.caller.connection.supplierId, query);
      const audience = audienceOf(c.var.caller);
      return sendResult(c, days, (found) => found.map((day: CalendarDay) => viewBy(calendarDay, day, audience)));
    }),
  );
}
