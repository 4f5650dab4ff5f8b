// A replica set that Postern did not make: a sandbox process of its own, with its own folder, users and (if asked) TLS
// under a CA of its own. It stands in for a deployment that the user already runs.

import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

const setName = 'theirs'

export interface IndependentSetOptions {
  readonly tls: boolean
  /** Members let nobody in who shows no certificate of their CA. */
  readonly asksForCertificate?: boolean
}

export async function startIndependentSet({
  tls,
  asksForCertificate = false,
}: IndependentSetOptions): Promise<IndependentSet> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-theirs-'))
  const token = randomBytes(24).toString('hex')
  const child = fork(fileURLToPath(new URL('../src/bin.ts', import.meta.url)), ['sandbox'], {
    execArgv: ['--import', 'tsx'],
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
  const response = await fetch(`${adminUrl}/clusters/theirs`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'theirs',
      setName,
      members: 3,
      admin: { user: admin.username, password: admin.password },
      ...(material !== null && {
        tls: { key: material.key, cert: material.cert, ...(asksForCertificate && { clientCa: material.ca }) },
      }),
    }),
  })
  if (!response.ok)
    throw new Error(`the independent set could not be made: ${response.status} ${await response.text()}`)
  const { members } = (await response.json()) as { members: { hostPort: string }[] }
  const hosts = members.map((member) => member.hostPort)
  return {
    connectionString: `mongodb://${hosts.join(',')}/?replicaSet=${setName}${tls ? '&tls=true' : ''}`,
    hosts,
    admin,
    tls:
      material === null
        ? null
        : { ca: material.ca, ...(asksForCertificate && { certificate: material.cert, key: material.key }) },
    async stepDown() {
      const answer = await fetch(`${adminUrl}/clusters/theirs/stepDown`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      })
      if (!answer.ok) throw new Error(`the step-down failed: ${answer.status} ${await answer.text()}`)
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
