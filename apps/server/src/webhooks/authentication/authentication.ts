import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ClientCertificate } from '../../platform/outbound/index.ts';

/** A client of an authorization server that gets access tokens for itself (RFC 6749, 4.4). */
export interface OAuth2Client {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
  /** Whom the token is for, where the server wants to know. */
  readonly audience: string | null;
  /** Where the client says who it is: in basic auth or in the body of the request (RFC 6749, 2.3.1). */
  readonly sendAs: 'basic' | 'body';
}

/** How a webhook says who is calling, beyond its headers and the signature. Sealed at rest. */
export interface Authentication {
  readonly oauth2: OAuth2Client | null;
  readonly certificate: ClientCertificate | null;
}

/** What may be shown of it: no secret, and of a certificate what tells it from others. */
export interface AuthenticationShown {
  readonly oauth2: (Omit<OAuth2Client, 'clientSecret'> & { readonly clientSecret: string }) | null;
  readonly certificate: { readonly subject: string; readonly fingerprint256: string; readonly validTo: string } | null;
}

/** What may be shown, with `mask` in the place of what may not. */
export function authenticationShown({ oauth2, certificate }: Authentication, mask: string): AuthenticationShown {
  return {
    oauth2: oauth2 && { ...oauth2, clientSecret: mask },
    certificate: certificate && certificateShown(certificate.cert),
  };
}

function certificateShown(pem: string): NonNullable<AuthenticationShown['certificate']> {
  const { subject, fingerprint256, validToDate } = new X509Certificate(pem);
  return { subject: subject.replaceAll('\n', ', '), fingerprint256, validTo: validToDate.toISOString() };
}

/** What is wrong with a certificate, as a sentence that names the field; undefined when nothing is. `now` is ms UTC. */
export function certificateProblem({ cert, key, ca }: ClientCertificate, now: number): string | undefined {
  const read = <T>(action: () => T): T | undefined => {
    try {
      return action();
    } catch {
      // What OpenSSL says of it may hold parts of the key.
      return undefined;
    }
  };
  const certificate = read(() => new X509Certificate(cert));
  if (certificate === undefined) return 'authentication.certificate.cert must be a certificate in PEM';
  const privateKey = read(() => createPrivateKey(key));
  if (privateKey === undefined) return 'authentication.certificate.key must be an unencrypted private key in PEM';
  if (!certificate.checkPrivateKey(privateKey))
    return 'authentication.certificate.key must be the key of the certificate';
  if (certificate.validToDate.getTime() <= now) return 'authentication.certificate.cert must not have expired';
  if (ca !== null && read(() => new X509Certificate(ca)) === undefined)
    return 'authentication.certificate.ca must be certificates in PEM';
  if (read(() => createSecureContext({ cert, key, ...(ca !== null && { ca }) })) === undefined)
    return 'authentication.certificate cannot be used for TLS';
  return undefined;
}
