import {
  type Context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { within } from '../platform/clock/index.ts';
import type { Tracing } from '../webhooks/index.ts';

/** How long a collector may take to be handed the rest, ms. */
const longestCloseMs = 3_000;

/** Where traces go, and how many of them. */
export interface TracingOptions {
  /** Of a collector, OTLP over HTTP: `…/v1/traces`. */
  readonly url: string;
  readonly service: string;
  readonly version: string;
  /** The part of the traces that is kept, up to 1. */
  readonly ratio: number;
}

/** Traces that go somewhere, until they are closed. */
export interface OpenTracing extends Tracing {
  /** Hands over what has ended, and stops. What the collector does not take within the limit, ms, is lost: nobody waits for it. */
  close(limitMs: number): Promise<void>;
}

/** The trace context of a span as a header (W3C Trace Context 1). */
const headerOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

/** What such a header names, as the parent of what follows. */
function contextOf(traceparent: string): Context {
  const [, traceId = '', spanId = '', flags = '0'] = traceparent.split('-');
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/**
 * Traces from changes to attempts by OpenTelemetry. The exporter reads further settings from the environment by itself
 * (`OTEL_EXPORTER_OTLP_HEADERS`, …). `exporter` is for tests.
 */
export function createTracing(
  { url, service, version, ratio }: TracingOptions,
  exporter: SpanExporter = new OTLPTraceExporter({ url }),
): OpenTracing {
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': service, 'service.version': version })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('carillon', version);

  const begun = (context: SpanContext) => ({
    traceparent: headerOf(context),
    sampled: (context.traceFlags & TraceFlags.SAMPLED) !== 0,
  });

  return {
    change(event) {
      const span = tracer.startSpan(
        `change ${event.type}`,
        {
          kind: SpanKind.PRODUCER,
          startTime: new Date(event.createdAt),
          attributes: {
            'carillon.event.id': event.id,
            'carillon.event.type': event.type,
            'carillon.subject.id': event.subjectId,
            'carillon.subject.position': event.position,
            'carillon.supplier.id': event.supplierId,
          },
        },
        ROOT_CONTEXT,
      );
      return {
        ...begun(span.spanContext()),
        end(deliveries) {
          span.setAttribute('carillon.deliveries', deliveries);
          span.end();
        },
      };
    },
    attempt(job, traceparent, startedAt) {
      const { hostname, port, protocol } = new URL(job.endpoint.url);
      const span = tracer.startSpan(
        `deliver ${job.event}`,
        {
          kind: SpanKind.CLIENT,
          startTime: new Date(startedAt),
          attributes: {
            'carillon.delivery.id': job.deliveryId,
            'carillon.delivery.step': job.step,
            'carillon.webhook.id': job.webhookId,
            'http.request.method': 'POST',
            'server.address': hostname,
            'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
          },
        },
        contextOf(traceparent),
      );
      return {
        ...begun(span.spanContext()),
        end({ settled, attempt }) {
          span.setAttribute('carillon.delivery.state', settled.state);
          if (attempt !== null) {
            if (attempt.status !== null) span.setAttribute('http.response.status_code', attempt.status);
            if (attempt.reason !== null) span.setAttribute('error.type', attempt.reason);
          }
          const problem = attempt?.detail ?? (attempt === null ? (settled.reason ?? 'not sent') : null);
          if (problem !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
          span.end();
        },
      };
    },
    async close(limitMs) {
      await within(Math.min(limitMs, longestCloseMs), provider.shutdown()).catch(() => {
        // Traces are for those who look on: that some are lost is no fault of the server's.
      });
    },
  };
}
