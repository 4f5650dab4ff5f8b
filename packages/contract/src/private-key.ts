// Private keys in PEM, told apart without opening them.

/** PKCS #8 says it in its first line, the older forms of OpenSSL in a header. */
export const isBehindPassphrase = (pem: string): boolean =>
  /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4, *ENCRYPTED/m.test(pem)
