// One certificate for all endpoints, given as files by whoever runs the edge (POSTERN_GATEWAY_CERT and
// POSTERN_GATEWAY_KEY). Looked at again while the edge runs, since such files are renewed by other programs; a change
// that is no good is told and the one before stays. An endpoint whose names it does not speak for counts as failed.

import { createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Certificates, TlsEndpoint } from './certificates.ts'
import { judgeCertificate } from './judge.ts'

export interface GivenParts {
  readonly certFile: string
  readonly keyFile: string
  readonly clock: Clock
  readonly log: Logger
}

interface Given {
  readonly cert: string
  readonly key: string
  readonly context: SecureContext
}

export const fileLookMs = 60_000

/** Rejects with an Error that names the variable and the file when there is no certificate with its key in them. */
export async function createGivenCertificates(parts: GivenParts): Promise<Certificates> {
  const { clock, log } = parts
  let given = await readGiven(parts)
  let wanted: readonly TlsEndpoint[] = []
  let closed = false
  let looking: Promise<void> = Promise.resolve()
  let cancelLook = clock.after(fileLookMs, look)

  function look(): void {
    looking = readGiven(parts)
      .then((read) => {
        if (read.cert === given.cert && read.key === given.key) return
        given = read
        log.info({ certFile: parts.certFile }, 'the given certificate was read anew')
      })
      .catch((error: Error) => log.warn(`the given certificate stays as it was: ${error.message}`))
      .finally(() => {
        if (!closed) cancelLook = clock.after(fileLookMs, look)
      })
  }

  return {
    async want(endpoints) {
      wanted = endpoints.filter(({ tls }) => tls)
    },
    async obtain() {
      const key = createPrivateKey(given.key)
      const judged = wanted.map(({ id, names }) => ({
        id,
        verdict: judgeCertificate(given.cert, { names, key, now: clock.now() }),
      }))
      return {
        bound: judged.filter(({ verdict }) => verdict.good).map(({ id }) => id),
        failed: judged.flatMap(({ id, verdict }) =>
          verdict.good ? [] : [{ id, reason: `the certificate in ${parts.certFile} does not do: ${verdict.reason}` }],
        ),
      }
    },
    certificateFor: () => given.context,
    async close() {
      closed = true
      cancelLook()
      await looking
    },
  }
}

async function readGiven({ certFile, keyFile }: GivenParts): Promise<Given> {
  const read = (variable: string, path: string): Promise<string> =>
    readFile(path, 'utf8').catch((error: Error) => {
      throw new Error(`${variable} cannot be read: ${error.message}`)
    })
  const cert = await read('POSTERN_GATEWAY_CERT', certFile)
  const key = await read('POSTERN_GATEWAY_KEY', keyFile)
  try {
    return { cert, key, context: createSecureContext({ cert, key }) }
  } catch (error) {
    const reason = (error as Error).message
    throw new Error(
      `POSTERN_GATEWAY_CERT and POSTERN_GATEWAY_KEY (${certFile}, ${keyFile}) are no certificate with its key, in PEM and without a passphrase: ${reason}`,
    )
  }
}
