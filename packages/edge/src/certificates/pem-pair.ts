// A certificate and its key in two PEM files, given by whoever runs the edge. Looked at again while the edge runs, since
// such files are renewed by other programs; a change that is no good is told, and the pair before it stays.

import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { isBehindPassphrase } from '@postern/contract/private-key'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'

export interface PemPairParts {
  readonly certFile: string
  readonly keyFile: string
  /** The variables that named the files, for sentences: POSTERN_GATEWAY, or POSTERN_MEMBER, before _CERT and _KEY. */
  readonly variable: string
  readonly clock: Clock
  readonly log: Logger
}

export interface PemPair {
  readonly cert: string
  readonly key: string
  readonly context: SecureContext
}

export interface FollowedPemPair {
  readonly current: () => PemPair
  readonly close: () => Promise<void>
}

export const fileLookMs = 60_000

/** Rejects with an Error that names the variable and the file when there is no certificate with its key in them. */
export async function followPemPair(parts: PemPairParts): Promise<FollowedPemPair> {
  const { clock, log } = parts
  let pair = await readPair(parts)
  let closed = false
  let looking: Promise<void> = Promise.resolve()
  let cancelLook = clock.after(fileLookMs, look)

  function look(): void {
    looking = readPair(parts)
      .then((read) => {
        if (read.cert === pair.cert && read.key === pair.key) return
        pair = read
        log.info({ certFile: parts.certFile }, 'the given certificate was read anew')
      })
      .catch((error: Error) => log.warn(`the given certificate stays as it was: ${error.message}`))
      .finally(() => {
        if (!closed) cancelLook = clock.after(fileLookMs, look)
      })
  }

  return {
    current: () => pair,
    async close() {
      closed = true
      cancelLook()
      await looking
    },
  }
}

async function readPair({ certFile, keyFile, variable }: PemPairParts): Promise<PemPair> {
  const read = (name: string, path: string): Promise<string> =>
    readFile(path, 'utf8').catch((error: Error) => {
      throw new Error(`${name} cannot be read: ${error.message}`)
    })
  const cert = await read(`${variable}_CERT`, certFile)
  const key = await read(`${variable}_KEY`, keyFile)
  if (isBehindPassphrase(key))
    throw new Error(
      `${variable}_KEY (${keyFile}) is behind a passphrase, which nobody can be asked for: give a key without`,
    )
  try {
    return { cert, key, context: createSecureContext({ cert, key }) }
  } catch (error) {
    const reason = (error as Error).message
    throw new Error(
      `${variable}_CERT and ${variable}_KEY (${certFile}, ${keyFile}) are no certificate with its key in PEM: ${reason}`,
    )
  }
}
