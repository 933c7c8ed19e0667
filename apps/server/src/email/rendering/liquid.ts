import { readdirSync, readFileSync } from 'node:fs';
import { Liquid } from 'liquidjs';
import { formatMoney, type Money } from './format.ts';

const folder = new URL('../templates/', import.meta.url);

/** Limits of one rendering: characters parsed, milliseconds, and objects made. A message takes a few per cent of each. */
const limits = { parseLimit: 1_000_000, renderLimit: 1000, memoryLimit: 10_000_000 } as const;

/** Turns a template, by its name, into text. `scope` is what the template may use; amounts are written in its `locale`. */
export type Templates = (name: string, scope: object & { readonly locale: string }) => string;

/**
 * The templates of the folder `templates`. Liquid sees nothing but them: no files, and only own properties of what it is given. With
 * `escape: true` every value is escaped for HTML, also inside attributes.
 */
export function createTemplates(options: { readonly escape: boolean }): Templates {
  const engine = new Liquid({
    templates: templateSources(),
    cache: true,
    ownPropertyOnly: true,
    strictFilters: true,
    ...(options.escape ? { outputEscape: 'escape' as const } : {}),
    ...limits,
  });
  engine.registerFilter('money', function (this: { context: { globals: object } }, money: Money) {
    return formatMoney(money, (this.context.globals as { locale: string }).locale);
  });
  return (name, scope) => engine.renderFileSync(name, scope, { globals: { locale: scope.locale } }) as string;
}

function templateSources(): Record<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.liquid'));
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -'.liquid'.length), readFileSync(new URL(file, folder), 'utf8')]),
  );
}
