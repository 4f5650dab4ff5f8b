// What shells and drivers ask a server about itself. The sandbox says that it is one: no `modules`, `postern: true`.
import { arch, cpus, hostname, type as osType, totalmem } from 'node:os'
import { Long } from 'bson'
import type { Action } from '../authorize.ts'
import { CommandError } from '../command-error.ts'
import { type Doc, maxDocumentBytes } from '../document.ts'
import type { Context, Handler } from '../execute.ts'
import { maxWireVersion, serverVersion } from '../hello.ts'
import { operationsFound } from '../operations.ts'

const versionArray = [...serverVersion.split('.').map(Number), 0]

const buildInfo = (): Doc => ({
  version: serverVersion,
  gitVersion: 'none',
  modules: [],
  allocator: 'system',
  javascriptEngine: 'none',
  sysInfo: 'postern sandbox',
  versionArray,
  bits: 64,
  debug: false,
  maxBsonObjectSize: maxDocumentBytes,
  storageEngines: ['postern'],
  postern: true,
  ok: 1,
})

function connectionStatus({ client, set }: Context): Doc {
  const user = client.user(set.data.users)
  return {
    authInfo: {
      authenticatedUsers: user ? [{ user: user.user, db: user.db }] : [],
      authenticatedUserRoles: user ? user.roles.map((role) => ({ ...role })) : [],
    },
    ok: 1,
  }
}

function isdbgrid({ set, member, command }: Context): Doc {
  if (set.routers) return { isdbgrid: 1, hostname: member.host, ok: 1 }
  throw new CommandError('CommandNotFound', `no such command: '${command.name}'`)
}

function getParameter({ command }: Context): Doc {
  const known: Doc = { featureCompatibilityVersion: { version: '7.0' }, authenticationMechanisms: ['SCRAM-SHA-256'] }
  if (command.args.getParameter === '*') return { ...known, ok: 1 }
  const asked = Object.keys(known).filter((name) => name in command.args)
  if (asked.length === 0) throw new CommandError('InvalidOptions', 'no option found to get')
  return { ...Object.fromEntries(asked.map((name) => [name, known[name]])), ok: 1 }
}

function getLog({ command }: Context): Doc {
  if (command.args.getLog === '*') return { names: ['global', 'startupWarnings'], ok: 1 }
  return { totalLinesWritten: 0, log: [], ok: 1 }
}

function serverStatus({ set, member }: Context): Doc {
  const uptime = (set.now() - set.startedAt) / 1000
  const primary = set.primaryHost()
  const repl = {
    setName: set.setName,
    setVersion: set.setVersion,
    isWritablePrimary: set.memberState(member.index) === 'PRIMARY',
    secondary: set.memberState(member.index) === 'SECONDARY',
    hosts: [...set.listedHosts],
    ...(primary === undefined ? {} : { primary }),
    me: member.host,
  }
  return {
    host: member.host,
    version: serverVersion,
    process: 'postern-sandbox',
    pid: Long.fromNumber(process.pid),
    uptime,
    uptimeMillis: Long.fromNumber(Math.round(uptime * 1000)),
    localTime: new Date(set.now()),
    connections: { current: member.connections(), available: 10_000 },
    ...(set.routers ? {} : { repl }),
    storageEngine: { name: 'postern', persistent: true },
    metrics: { cursor: { open: { total: member.cursors.size } } },
    wireVersion: maxWireVersion,
    ok: 1,
  }
}

const hostInfo = ({ set }: Context): Doc => ({
  system: {
    currentTime: new Date(set.now()),
    hostname: hostname(),
    memSizeMB: Math.floor(totalmem() / 1_048_576),
    numCores: cpus().length,
    cpuArch: arch(),
  },
  os: { type: osType(), name: osType(), version: '' },
  extra: {},
  ok: 1,
})

const currentOp = (context: Context): Doc => ({ inprog: [...operationsFound(context)], ok: 1 })

const ok = (): Doc => ({ ok: 1 })
const anyone = (run: Handler['run']): Handler => ({ needs: 'nothing', at: 'any', run })
const monitors = (action: Action, run: Handler['run']): Handler => ({
  needs: { action, on: 'cluster' },
  at: 'any',
  run,
})

export const diagnosticCommands: Readonly<Record<string, Handler>> = {
  ping: anyone(ok),
  buildInfo: anyone(buildInfo),
  buildinfo: anyone(buildInfo),
  connectionStatus: anyone(connectionStatus),
  isdbgrid: { needs: 'nothing', at: 'any', run: isdbgrid },
  whatsmyuri: anyone(({ client }) => ({ you: client.remote, ok: 1 })),
  getParameter: monitors('getParameter', getParameter),
  getLog: monitors('getLog', getLog),
  getCmdLineOpts: monitors('getCmdLineOpts', () => ({ argv: ['postern', 'sandbox'], parsed: {}, ok: 1 })),
  currentOp: { needs: 'user', at: 'any', run: currentOp },
  serverStatus: monitors('serverStatus', serverStatus),
  hostInfo: monitors('hostInfo', hostInfo),
}
