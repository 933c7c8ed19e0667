import type { OpenTracing, TracingOptions } from './tracing.ts';

export { createMetrics, type Metrics } from './metrics.ts';
export type { OpenTracing, TracingOptions } from './tracing.ts';

/** Opens traces; what they are made of is loaded only then, so that it costs nobody anything who has them off. */
export async function openTracing(options: TracingOptions): Promise<OpenTracing> {
  const { createTracing } = await import('./tracing.ts');
  return createTracing(options);
}
