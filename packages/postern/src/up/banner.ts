// What `postern up` prints when it is ready: everything a newcomer needs, with the password never in a command line.

import { execFileSync } from 'node:child_process'
import { type Bootstrap, toldOf } from './home.ts'
import type { Running } from './start.ts'

/** The version that `npx -y mongosh@…` names where none is installed. */
const mongoshVersion = '2.12.0'

export function banner(
  bootstrap: Bootstrap,
  { home, loginUrl, applied, unserved }: Pick<Running, 'home' | 'loginUrl' | 'applied' | 'unserved'>,
): string {
  const [connectionString] = bootstrap.connectionStrings
  const ended = (field: keyof Bootstrap): boolean => bootstrap.ended?.includes(field) === true
  const unlessEnded = (field: keyof Bootstrap, says: string): string => (ended(field) ? endedSays : says)
  const lines: (readonly [string, string] | null)[] = [
    ['Console', bootstrap.consoleUrl ?? ''],
    ...(loginUrl === null ? [] : [['Log in, once', loginUrl] as const]),
    [
      'Owner',
      unlessEnded('ownerEmail', withPassword(bootstrap.ownerEmail, bootstrap.ownerPassword, ended('ownerPassword'))),
    ],
    null,
    ['API', bootstrap.apiUrl ?? ''],
    ...(bootstrap.httpsUrl === undefined
      ? []
      : [['API by https', `${bootstrap.httpsUrl}  trust ${bootstrap.caFile}`] as const]),
    ...(bootstrap.rotated === undefined
      ? [
          ['API key pair', unlessEnded('publicKey', `${bootstrap.publicKey}  ${bootstrap.privateKey}`)] as const,
          [
            'Service account',
            unlessEnded(
              'clientId',
              `${bootstrap.clientId}  ${ended('clientSecret') ? `its secret: ${endedSays}` : bootstrap.clientSecret}`,
            ),
          ] as const,
        ]
      : [['API key pair', `rotated; in the profile "${bootstrap.rotated.profile}"`] as const]),
    ['Project', unlessEnded('groupId', bootstrap.groupId)],
    ['DNS', bootstrap.dnsAddress ?? ''],
    ['Home', home],
  ]
  if (connectionString !== undefined) {
    lines.push(
      null,
      ['Private endpoint', connectionString],
      [
        'Database user',
        unlessEnded('dbUser', withPassword(bootstrap.dbUser, bootstrap.dbPassword, ended('dbPassword'))),
      ],
    )
    if (!ended('dbUser'))
      lines.push(
        ['Connect', `${mongoshCommand()} '${connectionString}' --username ${bootstrap.dbUser}`],
        ['Node.js driver', nodeDriverLine(bootstrap)],
      )
  }
  for (const { name, groupId, clusters } of applied) {
    lines.push(null, ['Project', `${groupId}  ${name}`])
    for (const cluster of clusters) {
      for (const string of cluster.connectionStrings) lines.push([cluster.name, string])
    }
  }
  const body = lines.map((line) => (line === null ? '' : `  ${line[0].padEnd(17)} ${line[1]}`)).join('\n')
  const state =
    unserved.length === 0
      ? 'Postern is ready.'
      : `Postern runs, but not every private endpoint is served: its string does not work yet.\n${unserved.map((says) => `  ${says}`).join('\n')}`
  return `${state}\n\n${body}\n\nCtrl-C stops it; the next start finds everything as it is now.\n`
}

const endedSays = 'changed or deleted since the first start'

/** One that was rotated, or changed since, is known to its owner only. */
const withPassword = (name: string, password: string, changed: boolean): string => {
  if (changed) return `${name}  password changed since the first start`
  return password === '' ? name : `${name}  password ${password}`
}

const nodeDriverLine = ({ connectionStrings, dbUser }: Bootstrap): string =>
  `new MongoClient('${connectionStrings[0]}', { auth: { username: '${dbUser}', password: process.env.DB_PASSWORD } })`

function mongoshCommand(): string {
  try {
    execFileSync('mongosh', ['--version'], { stdio: 'ignore', timeout: 3_000 })
    return 'mongosh'
  } catch {
    return `npx -y mongosh@${mongoshVersion}`
  }
}

/** The one line of `--json`: the contract that scripts and test suites read. */
export const jsonLine = (
  bootstrap: Bootstrap,
  { loginUrl, applied }: Pick<Running, 'loginUrl' | 'applied'>,
): string => {
  const { sample: _sample, gateway: _gateway, supervisorKey: _own, ...told } = toldOf(bootstrap)
  return `${JSON.stringify({ ...told, loginUrl, ...(applied.length > 0 && { applied }) })}\n`
}
