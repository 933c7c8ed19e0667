/** The longest address that a mail server takes (RFC 5321), in characters. */
const longest = 254;

/**
 * Whether a text is one plain e-mail address: no display name, no list, no quoting, nothing that a header or an SMTP command
 * could take for more than an address; at most 254 characters (RFC 5321).
 */
export function isEmailAddress(text: string): boolean {
  return (
    text.length <= longest &&
    /^[^\s@<>()[\],;:\\"\p{Cc}]{1,64}@[^\s@<>()[\],;:\\"\p{Cc}.]+(\.[^\s@<>()[\],;:\\"\p{Cc}.]+)+$/u.test(text)
  );
}
