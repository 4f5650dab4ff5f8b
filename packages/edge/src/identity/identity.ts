// Who this edge is to the control plane. At its first start it exchanges a one-time token for an identity of its own, made
// of a key and a secret that it made itself and that stay here; from then on it proves itself by its certificate in TLS, or,
// where the control plane speaks none, by the secret. Written before it is asked for, so that an answer that is lost on its
// way costs nothing: the same token with the same key is answered again.

import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { feeds } from '@postern/contract/snapshot'
import { loadOwnKey, type OwnKey } from '../certificates/own-key.ts'
import type { Clock } from '../clock.ts'
import { reasonOf, textOf } from '../control-plane.ts'
import { readDurable, writeDurable } from '../durable-file.ts'
import { mutualTlsFetch } from './mutual-tls-fetch.ts'

/** How requests of this edge are sent, and what they carry. */
export interface Identity {
  readonly fetch: typeof fetch
  /** Null: the certificate is the proof. */
  readonly token: string | null
}

export interface IdentityParts {
  readonly url: string
  readonly edge: string
  /** Where snapshots are kept; the identity lies in a folder below. */
  readonly directory: string
  /** A one-time token; null: none was given. */
  readonly enrolment: string | null
  /** The token that edges without an identity share; null: none was given. */
  readonly sharedToken: string | null
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly randomBytes: (size: number) => Buffer
  readonly log: { info(facts: object, text: string): void; warn(text: string): void; error(text: string): void }
}

/** The control plane will not have it: another try with the same token would end alike. */
export class EnrolmentRefused extends Error {
  override readonly name = 'EnrolmentRefused'
}

interface Enrolled {
  readonly edge: string
  /** SHA-256 of the token, in hex: another one enrols anew. */
  readonly tokenHash: string
  /** PEM; null: the secret is the proof. */
  readonly chain: string | null
}

const fileName = 'enrolled.json'
const secretName = 'secret'
const largestFile = 64 * 1024
const answerMs = 15_000
const againMs = 2_000

/**
 * The identity on disk; else the one that the token is exchanged for; else the shared token. Waits for a control plane that
 * is away, until `stopped` aborts. Rejects with EnrolmentRefused, or with an Error where nothing proves this edge.
 */
export async function takeIdentity(parts: IdentityParts, stopped: AbortSignal): Promise<Identity> {
  const { edge, enrolment, sharedToken } = parts
  const kept = await readEnrolled(parts)
  if (kept !== null && (enrolment === null || kept.tokenHash === hashOf(enrolment))) {
    if (kept.edge === edge) return identityOf(parts, kept)
    throw new Error(`the identity in ${folderOf(parts)} is of edge ${kept.edge}: name it so, or enrol ${edge} anew`)
  }
  if (enrolment !== null) return identityOf(parts, await enrol(parts, enrolment, stopped))
  if (sharedToken !== null) return { fetch: parts.fetch, token: sharedToken }
  throw new Error(
    `edge ${edge} has not enrolled: make a token (postern edges enrol ${edge}) and set POSTERN_EDGE_ENROLMENT to it`,
  )
}

async function enrol(parts: IdentityParts, token: string, stopped: AbortSignal): Promise<Enrolled> {
  const own = await ownKey(parts)
  const secret = await ownSecret(parts)
  const csr = await (await import('../certificates/certificate-request.ts')).certificateRequest(own)
  const body = JSON.stringify({ token, csr, credentialHash: hashOf(secret) })
  for (;;) {
    stopped.throwIfAborted()
    try {
      const chain = await exchange(parts, body)
      const enrolled: Enrolled = { edge: parts.edge, tokenHash: hashOf(token), chain }
      // What was kept of another identity's may be more than this one is to serve.
      for (const feed of feeds) await rm(join(parts.directory, `${feed}.json`), { force: true })
      await writeDurable(folderOf(parts), fileName, JSON.stringify(enrolled))
      parts.log.info({ edge: parts.edge, by: chain === null ? 'secret' : 'certificate' }, 'enrolled')
      return enrolled
    } catch (error) {
      if (error instanceof EnrolmentRefused || stopped.aborted) throw error
      parts.log.warn(`not enrolled yet: ${reasonOf(error)}`)
      await new Promise<void>((resolve) => {
        const cancel = parts.clock.after(againMs, resolve)
        stopped.addEventListener('abort', () => {
          cancel()
          resolve()
        })
      })
    }
  }
}

async function exchange({ url, edge, fetch }: IdentityParts, body: string): Promise<string | null> {
  const response = await fetch(`${url}/api/postern/v1/edges/${encodeURIComponent(edge)}/identity`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(answerMs),
  })
  const text = await textOf(response, largestFile)
  if (response.status >= 500 || response.status === 429)
    throw new Error(`the control plane answered ${response.status}`)
  if (response.status !== 201)
    throw new EnrolmentRefused(detailOf(text) ?? `the control plane answered ${response.status}`)
  const { chain } = JSON.parse(text) as { readonly chain?: unknown }
  if (chain === null || typeof chain === 'string') return chain
  throw new EnrolmentRefused('the control plane answered without an identity')
}

function detailOf(text: string): string | null {
  try {
    const { detail } = JSON.parse(text) as { readonly detail?: unknown }
    return typeof detail === 'string' ? detail : null
  } catch {
    return null
  }
}

async function identityOf(parts: IdentityParts, { chain }: Enrolled): Promise<Identity> {
  if (chain === null) return { fetch: parts.fetch, token: await ownSecret(parts) }
  const { pem } = await ownKey(parts)
  return { fetch: mutualTlsFetch({ key: pem, cert: chain }), token: null }
}

const folderOf = ({ directory }: Pick<IdentityParts, 'directory'>): string => join(directory, 'identity')
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const ownKey = (parts: IdentityParts): Promise<OwnKey> =>
  loadOwnKey(folderOf(parts), (path) => parts.log.error(`${path} holds no P-256 key: this edge has to enrol anew`))

async function ownSecret(parts: IdentityParts): Promise<string> {
  const kept = await readDurable(join(folderOf(parts), secretName), largestFile)
  if (kept !== null && /^[0-9a-f]{64}$/.test(kept)) return kept
  const made = parts.randomBytes(32).toString('hex')
  await writeDurable(folderOf(parts), secretName, made)
  return made
}

async function readEnrolled(parts: IdentityParts): Promise<Enrolled | null> {
  const text = await readDurable(join(folderOf(parts), fileName), largestFile)
  if (text === null) return null
  try {
    const { edge, tokenHash, chain } = JSON.parse(text) as Partial<Record<keyof Enrolled, unknown>>
    if (typeof edge === 'string' && typeof tokenHash === 'string' && (chain === null || typeof chain === 'string'))
      return { edge, tokenHash, chain }
  } catch {
    // said below
  }
  parts.log.error(`${join(folderOf(parts), fileName)} is damaged: this edge has to enrol anew`)
  return null
}
