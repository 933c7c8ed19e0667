import { capabilityIds, eventTypes, problemsOf, webhookCreation } from '@carillon/contract';
import { createRoute, z } from '@hono/zod-openapi';
import { webhookCapabilities } from '../octo/index.ts';
import { type Preset, parameterProblems, presets, type Subscriptions } from '../webhooks/index.ts';
import { type AdminApp, json, jsonBody, refused } from './route.ts';
import { webhook } from './schema.ts';
import { settingsFields } from './settings-schema.ts';
import { definite } from './webhook-settings.ts';

/** What making webhooks needs. */
export interface WebhookCreationDeps {
  readonly subscriptions: Pick<Subscriptions, 'create' | 'one'>;
}

const presetIds = presets.map(({ id }) => id);

const creation = z
  .strictObject({
    connectionId: z.string().max(255),
    preset: z.enum(presetIds).optional().openapi({ description: 'Makes it a call of a service: see GET /presets.' }),
    parameters: z.record(z.string().max(100), z.string().max(4_096)).optional(),
    event: z.enum(eventTypes).optional().openapi({ description: 'Required without a preset.' }),
    url: z.string().optional().openapi({
      description:
        'Required without a preset; with one, another address of the same service. May carry user:password@.',
    }),
    headers: z.record(z.string(), z.string()).optional(),
    capabilities: z.array(z.enum(capabilityIds)).optional(),
    useContactLanguage: z.boolean().optional(),
    retryOnError: z.boolean().optional(),
    ...settingsFields,
  })
  .openapi('WebhookCreation');

type Creation = z.infer<typeof creation>;

const shownPreset = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    documentation: z.string(),
    event: z.enum(eventTypes),
    parameters: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        secret: z.boolean(),
        required: z.boolean(),
        expected: z.string(),
      }),
    ),
  })
  .openapi('Preset');

const shown = ({ id, name, description, documentation, event, parameters }: Preset) => ({
  ...{ id, name, description, documentation, event },
  parameters: parameters.map(({ pattern: _, ...parameter }) => parameter),
});

type Wanted = { readonly ok: true; readonly value: Creation } | { readonly ok: false; readonly message: string };

/** What is asked for, with what its preset fills in. */
function filledIn({ preset: id, parameters, ...asked }: Creation): Wanted {
  const preset = presets.find((each) => each.id === id);
  if (preset === undefined) {
    return parameters === undefined
      ? { ok: true, value: asked }
      : { ok: false, message: 'parameters are of a preset, and none is named.' };
  }
  const problems = parameterProblems(preset, parameters ?? {});
  if (asked.event !== undefined && asked.event !== preset.event) problems.push(`event must be ${preset.event}.`);
  if (problems.length > 0) return { ok: false, message: problems.join(' ') };
  const built = preset.build(parameters ?? {});
  return {
    ok: true,
    value: {
      event: preset.event,
      ...built,
      capabilities: [...built.capabilities],
      ...asked,
      headers: { ...built.headers, ...asked.headers },
    },
  };
}

/** `POST /webhooks` for any connection, of one's own making or by a preset, and `GET /presets`. */
export function webhookCreationRoutes(app: AdminApp, { subscriptions }: WebhookCreationDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/presets',
      responses: {
        200: json(z.object({ presets: z.array(shownPreset) }), 'Services that an event can become a call of.'),
      },
    }),
    (c) => c.json({ presets: presets.map(shown) }, 200),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/webhooks',
      request: jsonBody(creation),
      responses: {
        201: json(
          z.object({ webhook, signingSecret: z.string() }),
          'The new webhook. The secret is shown again on request only.',
        ),
        ...refused,
      },
    }),
    async (c) => {
      const { supplierId } = c.var;
      const wanted = filledIn(c.req.valid('json'));
      if (!wanted.ok) return c.json({ error: 'bad_request', message: wanted.message }, 400);
      const { connectionId, filter, payload, transformation, authentication, ...rest } = wanted.value;
      const request = webhookCreation.safeParse(rest);
      if (!request.success) {
        const message = problemsOf(request.error, rest, 'the body')
          .map((problem) => `${problem.message}.`)
          .join(' ');
        return c.json({ error: 'bad_request', message }, 400);
      }
      const capabilities = webhookCapabilities(request.data.event, new Set(), request.data.capabilities);
      const made = await subscriptions.create(
        { supplierId, connectionId },
        { ...request.data, capabilities },
        definite({ filter, payload, transformation, authentication }),
      );
      if (!made.ok) return c.json({ error: 'bad_request', message: made.refusal.message }, 400);
      const { id, signingSecret } = made.value;
      const listed = await subscriptions.one(supplierId, id);
      if (listed === undefined) throw new Error(`The webhook ${id} was made and is not there`);
      return c.json({ webhook: listed, signingSecret }, 201);
    },
  );
}
