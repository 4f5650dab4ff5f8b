// A replica set that Postern did not make: a sandbox process of its own, with its own folder, users and (if asked) TLS
// under a CA of its own. It stands in for a deployment that the user already runs.

import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtBin } from './built-bin.ts'
import { makeCertificates } from './certificates.ts'

export interface IndependentSet {
  readonly connectionString: string
  readonly hosts: readonly string[]
  readonly admin: { readonly username: string; readonly password: string }
  /** The CA that signed the members' certificate, and what a client shows where it must; null without TLS. */
  readonly tls: { readonly ca: string; readonly certificate?: string; readonly key?: string } | null
  /** Makes the primary step down, and another member take over. */
  readonly stepDown: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** One whose members can be others. */
export interface ChangingSet extends IndependentSet {
  /** The set has as many members from now on: new ones come, or the last ones leave. Answers with their addresses. */
  readonly resize: (members: number) => Promise<readonly string[]>
  /** A member ends and comes back on another port, or under another spelling of its host. Answers with all addresses. */
  readonly move: (member: number, host?: string) => Promise<readonly string[]>
}

const setName = 'theirs'

export interface IndependentSetOptions {
  readonly tls: boolean
  /** Members let nobody in who shows no certificate of their CA. */
  readonly asksForCertificate?: boolean
  /** 3 unless said. */
  readonly members?: number
}

export async function startIndependentSet({
  tls,
  asksForCertificate = false,
  members: howMany = 3,
}: IndependentSetOptions): Promise<ChangingSet> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-theirs-'))
  const token = randomBytes(24).toString('hex')
  const child = fork(await builtBin(), ['sandbox'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      PATH: process.env.PATH,
      POSTERN_SANDBOX_DIR: folder,
      POSTERN_SANDBOX_PORT: '0',
      POSTERN_SANDBOX_TOKEN: token,
    },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const adminUrl = await new Promise<string>((resolve, reject) => {
    child.on('message', (message) => resolve((message as { ready: { adminUrl: string } }).ready.adminUrl))
    child.once('exit', (code) => reject(new Error(`the independent set ended with ${code} before it was ready`)))
  })
  const admin = { username: 'their-admin', password: randomBytes(12).toString('hex') }
  const material = tls ? await makeCertificates() : null
  const door = async (method: string, path: string, body?: object): Promise<readonly string[]> => {
    const answer = await fetch(`${adminUrl}/clusters/theirs${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path} at the independent set: ${answer.status} ${await answer.text()}`)
    return ((await answer.json()) as { members: { hostPort: string }[] }).members.map(({ hostPort }) => hostPort)
  }
  const resize = (members: number): Promise<readonly string[]> =>
    door('PUT', '', {
      name: 'theirs',
      setName,
      members,
      admin: { user: admin.username, password: admin.password },
      ...(material !== null && {
        tls: { key: material.key, cert: material.cert, ...(asksForCertificate && { clientCa: material.ca }) },
      }),
    })
  const hosts = await resize(howMany)
  return {
    connectionString: `mongodb://${hosts.join(',')}/?replicaSet=${setName}${tls ? '&tls=true' : ''}`,
    hosts,
    admin,
    tls:
      material === null
        ? null
        : { ca: material.ca, ...(asksForCertificate && { certificate: material.cert, key: material.key }) },
    async stepDown() {
      await door('POST', '/stepDown', { seconds: 1 })
    },
    resize,
    move: (member, host) => door('POST', `/members/${member}/move`, host === undefined ? {} : { host }),
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
