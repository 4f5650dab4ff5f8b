// The certificate that this server shows at its own https port: of the authority that clients of endpoints trust anyway, so
// that one `ca.pem` is enough on a laptop.

import type { Parts } from '../../parts.ts'
import { loadAuthority, signingKey } from './authority.ts'

export interface OwnCertificate {
  /** PEM: the server's, then the authority's. */
  readonly cert: string
  /** PKCS #8 in PEM. */
  readonly key: string
  readonly notAfter: Date
}

const loopback = { names: ['localhost'], addresses: ['127.0.0.1', '::1'] }

/** For this machine and `hosts`, further names that callers use. */
export const ownCertificate = async (parts: Parts, hosts: readonly string[]): Promise<OwnCertificate> => {
  const authority = await loadAuthority(parts, 'endpoints')
  const { makeOwnRequest } = await import('./own-request.ts')
  const { issueCertificate } = await import('./issue.ts')
  const { csr, key } = await makeOwnRequest()
  const { chain, notAfter } = await issueCertificate({
    authority: { certificate: authority.certificate, key: await signingKey(parts.seal, authority) },
    csr,
    endpointId: 'postern',
    subjects: { ...loopback, names: [...loopback.names, ...hosts] },
    now: parts.clock.now(),
    random: parts.ids.hex(16),
  })
  return { cert: chain, key, notAfter }
}
