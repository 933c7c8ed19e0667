/** The first bytes of a response body, in at most `limit` bytes of memory however small the pieces it came in. */
export class Excerpt {
  truncated = false;
  private readonly limit: number;
  private bytes: Buffer | undefined;
  private copied = false;
  private length = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Keeps what fits of a piece of the body; sets `truncated` when something did not. */
  add(chunk: Buffer): void {
    const room = this.limit - this.length;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.truncated ||= chunk.length > room;
    if (this.bytes === undefined) {
      this.bytes = kept;
    } else {
      // Most bodies come in one piece, which is kept as it is; the second piece pays for the copy.
      if (!this.copied) {
        const whole = Buffer.allocUnsafe(this.limit);
        this.bytes.copy(whole);
        this.bytes = whole;
        this.copied = true;
      }
      kept.copy(this.bytes, this.length);
    }
    this.length += kept.length;
  }

  /** The bytes as UTF-8: invalid ones become U+FFFD, NUL (which no Postgres text holds) and a cut last character go. */
  text(): string {
    if (this.bytes === undefined) return '';
    const bytes = this.bytes.subarray(0, this.length);
    const text = this.truncated ? new TextDecoder().decode(bytes, { stream: true }) : bytes.toString('utf8');
    return text.includes('\0') ? text.replaceAll('\0', '') : text;
  }
}
