// A replica set of three real mongod processes in temporary folders, with authentication by key file and, if asked, TLS
// under a CA of its own: what independent-set.ts is for the sandbox, from a binary that whoever runs the suite names.
// Set up as the MongoDB manual says: start all, replSetInitiate on one, and make the first user, both of which the
// localhost exception lets through.

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import { until } from '../src/up/wait.ts'
import { type Certificates, makeCertificates } from './certificates.ts'
import type { IndependentSet } from './independent-set.ts'

const setName = 'theirs'
const startedWithinMs = 60_000

interface MongodSetOptions {
  /** Path of the binary. */
  readonly mongod: string
  readonly tls: boolean
}

/** Resolves once there is a primary, an administrator (`root`), and two members that could take over. */
export async function startMongodSet({ mongod, tls }: MongodSetOptions): Promise<IndependentSet> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-mongod-'))
  const material = tls ? await makeCertificates() : null
  const ports = await freePorts(3)
  const hosts = ports.map((port) => `127.0.0.1:${port}`)
  const shared = writeShared(folder, material)
  const members = ports.map((port) => startMember({ mongod, folder: join(folder, String(port)), port, shared }))
  const stop = async (): Promise<void> => {
    await Promise.all(members.map((member) => member.kill()))
    rmSync(folder, { recursive: true, force: true })
  }
  const tlsOptions: MongoClientOptions = material === null ? {} : { tls: true, ca: material.ca }
  const admin = { username: 'their-admin', password: randomBytes(12).toString('hex') }
  const onSet = <Value>(work: (client: MongoClient) => Promise<Value>, options: MongoClientOptions): Promise<Value> =>
    withClient(hosts, work, { replicaSet: setName, ...tlsOptions, ...options })
  const asAdmin = <Value>(work: (client: MongoClient) => Promise<Value>): Promise<Value> =>
    onSet(work, { auth: admin, authSource: 'admin' })
  try {
    await Promise.race([
      initiate(hosts, tlsOptions),
      ...members.map(async (member) => {
        throw new Error(await member.endedEarly)
      }),
    ])
    await onSet(
      (client) => client.db('admin').command({ createUser: admin.username, pwd: admin.password, roles: ['root'] }),
      {},
    )
    await asAdmin((client) =>
      until('two members being ready to take over', startedWithinMs, async () => {
        const status = await client.db('admin').command({ replSetGetStatus: 1 })
        const states = (status.members as { stateStr: string }[]).map(({ stateStr }) => stateStr)
        return states.sort().join() === 'PRIMARY,SECONDARY,SECONDARY' ? true : undefined
      }),
    )
  } catch (error) {
    await stop()
    throw error
  }
  return {
    connectionString: `mongodb://${hosts.join(',')}/?replicaSet=${setName}${tls ? '&tls=true' : ''}`,
    hosts,
    admin,
    tls: material === null ? null : { ca: material.ca },
    stepDown: () => asAdmin(stepDown),
    stop,
  }
}

/** Files that all members have in common, as the options that name them. */
function writeShared(folder: string, material: Certificates | null): readonly string[] {
  // A mongod refuses a key file that others may read, and takes 6 to 1024 characters of base64.
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, randomBytes(96).toString('base64'), { mode: 0o600 })
  if (material === null) return ['--keyFile', keyFile]
  const caFile = join(folder, 'ca.pem')
  const certificateFile = join(folder, 'member.pem')
  writeFileSync(caFile, material.ca)
  writeFileSync(certificateFile, `${material.cert}\n${material.key}`, { mode: 0o600 })
  return [
    ...['--keyFile', keyFile, '--tlsMode', 'requireTLS', '--tlsCAFile', caFile],
    // Clients prove themselves by SCRAM; without this, a CA file makes client certificates compulsory.
    ...['--tlsCertificateKeyFile', certificateFile, '--tlsAllowConnectionsWithoutCertificates'],
  ]
}

interface Member {
  /** Resolves, should it end before it was told to, with the last lines that it said. */
  readonly endedEarly: Promise<string>
  readonly kill: () => Promise<void>
}

interface MemberOptions {
  readonly mongod: string
  readonly folder: string
  readonly port: number
  readonly shared: readonly string[]
}

function startMember({ mongod, folder, port, shared }: MemberOptions): Member {
  const data = join(folder, 'data')
  const log = join(folder, 'log')
  mkdirSync(data, { recursive: true })
  const child = spawn(
    mongod,
    [
      ...['--replSet', setName, '--bind_ip', '127.0.0.1', '--port', String(port)],
      ...['--dbpath', data, '--logpath', log, '--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '64'],
      ...(process.platform === 'win32' ? [] : ['--nounixsocket']),
      ...shared,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said = `${said}${text}`.slice(-4096)
    })
  }
  const ended = endOf(child)
  return {
    endedEarly: ended.then((how) => `${mongod} on port ${port} ended (${how}): ${said}${tailOf(log)}`),
    kill: async () => {
      // Its folder goes with it, so there is nothing that a clean shutdown of many seconds would save.
      child.kill('SIGKILL')
      await ended
    },
  }
}

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(String(code ?? signal)))
  })

const tailOf = (log: string): string => {
  try {
    return readFileSync(log, 'utf8').split('\n').slice(-8).join('\n')
  } catch {
    return ''
  }
}

async function initiate(hosts: readonly string[], options: MongoClientOptions): Promise<void> {
  const direct = { directConnection: true, ...options }
  // All must answer before the first is asked: it looks for each of them there and then.
  for (const host of hosts) await withClient([host], (client) => client.db('admin').command({ hello: 1 }), direct)
  const members = hosts.map((host, _id) => ({ _id, host }))
  await withClient(
    hosts.slice(0, 1),
    (client) => client.db('admin').command({ replSetInitiate: { _id: setName, members } }),
    direct,
  )
}

async function stepDown(client: MongoClient): Promise<void> {
  const admin = client.db('admin')
  const primary = async (): Promise<unknown> => (await admin.command({ hello: 1 })).primary
  const before = await primary()
  await until('the primary stepping down', startedWithinMs, async () => {
    try {
      await admin.command({ replSetStepDown: 10, secondaryCatchUpPeriodSecs: 8 })
      return true
    } catch {
      // The other members have not caught up with it yet, or it has already gone.
      return (await primary()) === before ? undefined : true
    }
  })
  await until('another member taking over', startedWithinMs, async () => {
    const now = await primary()
    return now !== undefined && now !== before ? true : undefined
  })
}

async function withClient<Value>(
  hosts: readonly string[],
  work: (client: MongoClient) => Promise<Value>,
  options: MongoClientOptions,
): Promise<Value> {
  const client = new MongoClient(`mongodb://${hosts.join(',')}/`, {
    serverSelectionTimeoutMS: startedWithinMs,
    ...options,
  })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** Ports that were free a moment ago: held together, so that none comes twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((resolve, reject) => {
          const server = createServer()
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
