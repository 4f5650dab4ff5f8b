// The name of a user with a managed certificate: a common name, alone or spelt as `CN=<name>`, and no further parts of a
// distinguished name (Atlas: ATLAS_MANAGED_X509_NAME_INVALID).

import { AtlasError } from '@postern/contract/errors'

/** The common name that the certificate carries. Throws ATLAS_MANAGED_X509_NAME_INVALID. */
export const commonName = (username: string): string => {
  const name = username.replace(/^CN=/i, '')
  // RFC 4514 would have these escaped, RFC 5280 allows 64 characters.
  if (!/^[^,=+<>#;"\\\p{Cc}]{1,64}$/u.test(name) || name.trim() !== name) {
    throw new AtlasError('ATLAS_MANAGED_X509_NAME_INVALID', { username })
  }
  return name
}
