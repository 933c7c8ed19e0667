import * as z from 'zod';

/** The same object with keys that may be undefined as keys that may be absent. */
export type Present<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Present<T>;
}

/** An object of a request. Keys that it does not name are ignored (OCTO servers know different extensions). */
export function body<const S extends z.ZodRawShape>(shape: S) {
  return z.object(shape).transform(present);
}

/** A field that may be left out; null means the same, because many clients send null for what they do not have. */
export function optional<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** A field that may be left out (unchanged, unknown) or null (none, cleared). */
export function nullable<S extends z.ZodType>(schema: S) {
  return schema.nullish();
}
