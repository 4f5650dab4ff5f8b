// One certificate for all endpoints, given as files by whoever runs the edge (POSTERN_GATEWAY_CERT and
// POSTERN_GATEWAY_KEY). An endpoint whose names and addresses it does not speak for counts as failed.

import { createPrivateKey } from 'node:crypto'
import type { Certificates, TlsEndpoint } from './certificates.ts'
import { contextsOf } from './contexts.ts'
import { judgeCertificate, subjectsOf } from './judge.ts'
import { followPemPair, type PemPairParts } from './pem-pair.ts'

/** Rejects with an Error that names the variable and the file when there is no certificate with its key in them. */
export async function createGivenCertificates(parts: Omit<PemPairParts, 'variable'>): Promise<Certificates> {
  const given = await followPemPair({ ...parts, variable: 'POSTERN_GATEWAY' })
  let wanted: readonly TlsEndpoint[] = []
  let shown = { pair: given.current(), contexts: contextsOf(given.current()) }

  return {
    async want(endpoints) {
      wanted = endpoints.filter(({ tls }) => tls)
    },
    async obtain() {
      const { cert, key: pem } = given.current()
      const key = createPrivateKey(pem)
      const judged = wanted.map((endpoint) => ({
        id: endpoint.id,
        verdict: judgeCertificate(cert, { ...subjectsOf(endpoint), key, now: parts.clock.now() }),
      }))
      return {
        bound: judged.filter(({ verdict }) => verdict.good).map(({ id }) => id),
        failed: judged.flatMap(({ id, verdict }) =>
          verdict.good ? [] : [{ id, reason: `the certificate in ${parts.certFile} does not do: ${verdict.reason}` }],
        ),
      }
    },
    certificateFor(_serverName, _endpointId, clientCa) {
      const pair = given.current()
      if (pair !== shown.pair) shown = { pair, contexts: contextsOf(pair) }
      return shown.contexts(clientCa)
    },
    pairFor: () => given.current(),
    close: given.close,
  }
}
