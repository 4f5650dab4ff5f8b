// A second port beside the plain one on loopback, for clients that insist on https: with a certificate of our own, renewed
// long before it ends.

import type { ControlPlane } from './control-plane.ts'
import { type Listening, type ListenOptions, listen } from './listen.ts'
import { loggable } from './loggable.ts'
import { loadAuthority } from './resources/certificate/authority.ts'
import { ownCertificate } from './resources/certificate/own-certificate.ts'

export interface HttpsDoor extends Pick<Listening, 'url' | 'close'> {
  /** Takes another certificate where this one ends soon: what the timer does twice a day. */
  readonly look: () => Promise<void>
}

const lookMs = 12 * 3_600_000
/** A third of a certificate's life. */
const renewBeforeMs = 30 * 24 * 3_600_000

/** Rejects with a sentence that names the port when it cannot be opened. */
export const openHttpsDoor = async (
  { parts, fetch }: Pick<ControlPlane, 'parts' | 'fetch'>,
  { hosts, ...at }: Pick<ListenOptions, 'host' | 'alsoHost' | 'port'> & { readonly hosts: readonly string[] },
): Promise<HttpsDoor> => {
  const { certificate: clientCa } = await loadAuthority(parts, 'edges')
  let shown = await ownCertificate(parts, hosts)
  const listening = await listen(fetch, { ...at, tls: { ...shown, clientCa }, variable: 'POSTERN_HTTPS_PORT' })
  const look = async (): Promise<void> => {
    if (shown.notAfter.getTime() - parts.clock.now() > renewBeforeMs) return
    shown = await ownCertificate(parts, hosts)
    listening.renew({ ...shown, clientCa })
    parts.log.info({ notAfter: shown.notAfter }, 'the certificate of the https port is renewed')
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      parts.log.warn({ err: loggable(error) }, 'the certificate of the https port cannot be renewed yet'),
    )
  }, lookMs).unref()
  return {
    url: listening.url,
    look,
    close: (graceMs) => {
      clearInterval(timer)
      return listening.close(graceMs)
    },
  }
}
