// What the gateway's certificates come from, as a seam: issued by the control plane for the edge's own key (issued.ts),
// or given as files (given.ts). Which endpoints are to have one is told by the snapshot; an endpoint counts as bound
// only once clients can trust what they are shown.

import type { SecureContext } from 'node:tls'
import type { EdgeReport, GatewayEndpoint } from '@postern/contract/snapshot'
import type { ShownCertificate } from '../gateway/upstream.ts'

export type TlsEndpoint = Pick<GatewayEndpoint, 'id' | 'tls' | 'names' | 'byAddress' | 'advertised'>

/**
 * What the gateway shows to clients of this endpoint; null while there is nothing to show. With `clientCa` (PEM) it asks them
 * for a certificate that one of these authorities signed.
 */
export type CertificateFor = (
  serverName: string | null,
  endpointId: string,
  clientCa: string | null,
) => SecureContext | null | Promise<SecureContext | null>

export interface Certificates {
  /** From now on these are served, as far as it can be without asking anybody: with what is on disk. */
  readonly want: (endpoints: readonly TlsEndpoint[]) => Promise<void>
  /** Gets what is missing, waits a moment for it, and says of each wanted endpoint with `tls` whether it has one. */
  readonly obtain: () => Promise<Pick<EdgeReport, 'bound' | 'failed'>>
  readonly certificateFor: (...asked: Parameters<CertificateFor>) => SecureContext | null
  /** The same in PEM, for a worker of the gateway to show: the same object until it is renewed. */
  readonly pairFor: (endpointId: string) => ShownCertificate | null
  /** Ends timers and requests; resolves when nothing of it is running any more. */
  readonly close: () => Promise<void>
}
