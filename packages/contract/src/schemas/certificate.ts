// Certificates of private endpoints (docs/decisions/0010): who clients are to trust, and an edge's request for one.

import { z } from 'zod'
import { objectId } from './role.ts'

const pem = z.string()

export const certificateSchemas = {
  getCertificateAuthority: {
    reply: z.object({
      /** PEM: what a client hands to its driver as `tlsCAFile`. */
      certificate: pem,
      notAfter: z.string(),
    }),
  },
  createEdgeCertificate: {
    body: z.object({
      /** Our id of the endpoint, as the gateway's snapshot has it. */
      endpointId: objectId,
      /** PKCS #10 in PEM, of a P-256 key. Only its key and signature count: names come from the store. */
      csr: pem.max(8192),
    }),
    reply: z.object({
      endpointId: z.string(),
      /** PEM: the endpoint's certificate, then the authority's. */
      chain: pem,
      notAfter: z.string(),
    }),
  },
} as const
