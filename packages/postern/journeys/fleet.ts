// Several control planes on one PostgreSQL, and a client of them as a load balancer's would be: it asks whichever comes
// next, proves itself at another one than gave the challenge, and goes on elsewhere when one dies.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { byDigest, type Caller } from '@postern/control-plane/http/testing'
import type { SeedSecrets } from '@postern/control-plane/identity/seed'
import { type ProgramProcess, startProgram } from './program-process.ts'

export type Plane = ProgramProcess<{ readonly url: string }>

export interface Fleet {
  readonly planes: readonly Plane[]
  readonly edgeToken: string
  readonly keys: { readonly publicKey: string; readonly privateKey: string }
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  /** Ends every process and removes their folders. */
  readonly stop: () => Promise<void>
}

/** All of them start at once, on a database where nothing is yet, with the same seed. */
export async function startFleet(databaseUrl: string, size: number): Promise<Fleet> {
  const home = await mkdtemp(join(tmpdir(), 'postern-fleet-'))
  const edgeToken = randomBytes(24).toString('hex')
  const sealKey = randomBytes(32).toString('hex')
  const seed: SeedSecrets = {
    orgId: randomBytes(12).toString('hex'),
    orgName: 'Fleet',
    groupId: randomBytes(12).toString('hex'),
    groupName: 'Project0',
    ownerEmail: 'owner@example.com',
    ownerPassword: randomBytes(12).toString('hex'),
    publicKey: 'abcdefgh',
    privateKey: '5f9e1c1a-2b5c-4f7e-9f0e-0c8f6d3b2a10',
    clientId: 'mdb_sa_id_0123456789abcdef01234567',
    clientSecret: `mdb_sa_sk_${randomBytes(20).toString('hex')}`,
  }
  const planes = await Promise.all(
    Array.from({ length: size }, (_, at) =>
      startProgram<{ readonly url: string }>({
        word: 'server',
        message: { seed },
        env: {
          POSTERN_HOME: join(home, String(at)),
          POSTERN_PORT: '0',
          POSTERN_EXPECT_SEED: 'yes',
          POSTERN_DATABASE_URL: databaseUrl,
          POSTERN_SEAL_KEY: sealKey,
          POSTERN_EDGE_TOKEN: edgeToken,
          POSTERN_LOCAL_PROVISION_MS: '0',
          POSTERN_LOG_LEVEL: 'debug',
        },
      }),
    ),
  )
  return {
    planes,
    edgeToken,
    keys: seed,
    client: seed,
    stop: async () => {
      await Promise.all(planes.map((plane) => plane.kill()))
      await rm(home, { recursive: true, force: true })
    },
  }
}

export interface Wish {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; each test says what it expects of it.
  readonly body: any
  readonly headers: Headers
  /** True when an earlier attempt got no answer: it may have been done all the same. */
  readonly again: boolean
}

/** One request to one control plane. */
export async function askPlane(plane: Plane, wish: Wish, authorization?: string): Promise<Omit<Answer, 'again'>> {
  const response = await fetch(`${plane.ready.url}${wish.path}`, {
    method: wish.method,
    headers: {
      accept: 'application/vnd.atlas.2023-01-01+json',
      ...(wish.body !== undefined && { 'content-type': 'application/json' }),
      ...(authorization !== undefined && { authorization }),
    },
    ...(wish.body !== undefined && { body: JSON.stringify(wish.body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

/** The Authorization header that answers this plane's challenge. */
export async function proofFor(plane: Plane, wish: Wish, caller: Caller): Promise<string> {
  const { headers } = await askPlane(plane, wish)
  return caller({ method: wish.method, path: wish.path, challenge: headers.get('www-authenticate') ?? '' })
}

const answerWithinMs = 40_000

/** A client with the owner's key. `turn` says where it begins. */
export function fleetClient({ planes, keys }: Fleet, turn: number): (wish: Wish) => Promise<Answer> {
  const caller = byDigest(keys.publicKey, keys.privateKey)
  let next = turn
  const another = (): Plane => {
    const plane = planes[next % planes.length]
    next += 1
    if (plane === undefined) throw new Error('a fleet has at least one control plane')
    return plane
  }
  return async (wish) => {
    const until = Date.now() + answerWithinMs
    for (let again = false; ; again = true) {
      try {
        const proof = await proofFor(another(), wish, caller)
        const answer = await askPlane(another(), wish, proof)
        if (answer.status !== 503) return { ...answer, again }
      } catch (error) {
        // A fetch that found nobody, or whose answer was cut.
        if (!(error instanceof TypeError || error instanceof SyntaxError) || Date.now() > until) throw error
      }
      await wait(5)
    }
  }
}
