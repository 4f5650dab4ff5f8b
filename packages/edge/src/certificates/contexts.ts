// One certificate as TLS contexts: the plain one, and for each text of authorities one that asks clients for a certificate
// of theirs. The same are handed out again: making one takes a millisecond.

import { constants } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'

/** Beyond it they are made anew. */
const most = 1_000

export type Contexts = (clientCa: string | null) => SecureContext

export function contextsOf({ key, cert }: { readonly key: string; readonly cert: string }): Contexts {
  const made = new Map<string | null, SecureContext>()
  return (clientCa) => {
    const before = made.get(clientCa)
    if (before !== undefined) return before
    const context = createSecureContext({ key, cert, ...(clientCa !== null && asking(clientCa)) })
    if (made.size >= most) made.clear()
    made.set(clientCa, context)
    return context
  }
}

/**
 * An intermediate authority is trusted without the one above it. No session is resumed: its client would show no certificate
 * again, also when the authorities are others by now.
 */
const asking = (ca: string) => ({ ca, allowPartialTrustChain: true, secureOptions: constants.SSL_OP_NO_TICKET })
