// Starts a real sandbox on free ports in a temporary folder, for tests; and speaks to its admin door as the control
// plane does.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import { pino } from 'pino'
import type { ClusterReport } from '../cluster.ts'
import { runSandbox, type Sandbox } from '../main.ts'

export const adminToken = 'a-token-for-tests-only'
export const admin = { user: 'postern-admin', password: 'correct horse battery' }

export class AdminDoor {
  readonly url: string
  readonly token: string

  constructor(url: string, token = adminToken) {
    this.url = url
    this.token = token
  }

  async call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  async report(method: string, path: string, body?: unknown): Promise<ClusterReport> {
    const answer = await this.call(method, path, body)
    if (answer.status !== 200)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body as ClusterReport
  }

  put(
    id: string,
    wish: { members?: number; routers?: boolean; tls?: { key: string; cert: string } } = {},
  ): Promise<ClusterReport> {
    return this.report('PUT', `/clusters/${id}`, { name: id, setName: 'rs0', members: 3, admin, ...wish })
  }
}

export type SandboxUnderTest = {
  readonly dir: string
  readonly sandbox: Sandbox
  readonly door: AdminDoor
  end(): Promise<void>
}

export async function startSandbox(options: { dir?: string; compactAt?: number } = {}): Promise<SandboxUnderTest> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'postern-sandbox-')))
  const { compactAt = 16 * 1024 * 1024 } = options
  const log = pino({ level: 'silent' })
  const sandbox = await runSandbox({ dataDir: dir, adminPort: 0, adminToken, log, compactAt })
  const end = async () => {
    await sandbox.close()
    await rm(dir, { recursive: true, force: true })
  }
  return { dir, sandbox, door: new AdminDoor(sandbox.adminUrl), end }
}

export type Login = { readonly user: string; readonly password: string }

/** A client that knows one seed, the first member, and discovers the rest; of a sharded cluster all routers. */
export function clientOf(cluster: ClusterReport, options: MongoClientOptions = {}, login: Login = admin): MongoClient {
  const seed = cluster.members[0]?.hostPort
  const auth = { auth: { username: login.user, password: login.password }, authSource: 'admin' }
  const seeds = cluster.routers ? cluster.members.map(({ hostPort }) => hostPort).join(',') : seed
  return new MongoClient(`mongodb://${seeds}/${cluster.routers ? '' : `?replicaSet=${cluster.setName}`}`, {
    ...auth,
    serverSelectionTimeoutMS: 10_000,
    ...options,
  })
}
