/** A piece of SQL text: code, or text in which nothing has a meaning (a string, a quoted name, a comment). */
export interface Piece {
  readonly kind: 'code' | 'quoted' | 'comment';
  readonly text: string;
}

// A doubled quote inside a string ends one piece and begins the next, which comes to the same.
const piece = /'[^']*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|[^'"/-]+|[\s\S]/gy;

/** Cuts portable SQL into pieces. Throws on what is unterminated, and on what the two engines read differently. */
export function pieces(sql: string): Piece[] {
  const found: Piece[] = [];
  for (const [text] of sql.matchAll(piece)) {
    const first = text[0];
    if (text.startsWith('--')) found.push({ kind: 'comment', text });
    else if (text.startsWith('/*')) {
      if (text.includes('/*', 2))
        throw new SyntaxError('a comment inside a comment: Postgres nests them, SQLite does not');
      found.push({ kind: 'comment', text });
    } else if (first === "'" || first === '"') {
      if (text.length === 1) throw new SyntaxError(`unterminated ${first} in SQL`);
      found.push({ kind: 'quoted', text });
    } else {
      const before = found.at(-1);
      if (before?.kind === 'code' && before.text.endsWith('/') && text.startsWith('*')) {
        throw new SyntaxError('unterminated comment in SQL');
      }
      if (text.includes('$$')) throw new SyntaxError('dollar quotes are not portable SQL');
      found.push({ kind: 'code', text });
    }
  }
  return found;
}

/** What a statement begins with, in lower case, comments left out: `select`, `insert`, `alter`, … */
export function verbOf(sql: string): string {
  for (const { kind, text } of pieces(sql)) {
    const word = kind === 'code' ? /[a-z]+/i.exec(text) : null;
    if (word !== null) return word[0].toLowerCase();
  }
  return '';
}

/** The statements of a script, without their semicolons; those inside strings, quoted names and comments do not separate. */
export function statementsOf(script: string): string[] {
  const statements: string[] = [];
  let text = '';
  let hasCode = false;
  const end = () => {
    if (hasCode) statements.push(text.trim());
    text = '';
    hasCode = false;
  };
  for (const { kind, text: part } of pieces(script)) {
    if (kind !== 'code') {
      text += part;
      hasCode ||= kind === 'quoted';
      continue;
    }
    for (const [index, code] of part.split(';').entries()) {
      if (index > 0) end();
      text += code;
      hasCode ||= code.trim() !== '';
    }
  }
  end();
  return statements;
}

/** A statement whose numbered placeholders were made positional. */
export interface Positional {
  /** The statement with `?` for every placeholder. */
  readonly text: string;
  /** For each `?`, the index of its parameter; undefined where that is 0, 1, 2, … as in most statements. */
  readonly order: readonly number[] | undefined;
  /** How many parameters the statement takes. */
  readonly count: number;
}

/** `$2, $1, $2` as `?, ?, ?` with the order 1, 0, 1. SQLite binds these in linear time; names cost it quadratic time. */
export function positional(sql: string): Positional {
  const order: number[] = [];
  const text = pieces(sql)
    .map(({ kind, text: part }) =>
      kind === 'code'
        ? part.replace(/\$(\d+)/g, (_, number) => {
            order.push(Number(number) - 1);
            return '?';
          })
        : part,
    )
    .join('');
  const count = order.reduce((most, index) => Math.max(most, index + 1), 0);
  return { text, order: order.every((index, at) => index === at) ? undefined : order, count };
}
