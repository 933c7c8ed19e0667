/** The guard refused to connect: no address of the host is open to requests. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  readonly code = 'FORBIDDEN_ADDRESS';

  constructor(hostname: string) {
    super(`${hostname} has no address that requests may go to`);
  }
}
