// The installation from where the command runs: the server and its keys, the clock, the home's permissions, its DNS. The
// effects and their judgement side by side, since each is one question with few answers.

import { Resolver } from 'node:dns/promises'
import { stat } from 'node:fs/promises'
import { type Answer, ApiError, UnreachableError } from '@postern/contract/client'
import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
import { errorText } from '../core/error-text.ts'
import type { Io } from '../core/io.ts'
import { bootstrapFile } from '../server/bootstrap.ts'

/** Signatures and certificates bear less; a clock beside another is seldom a second off. */
const skewMs = 60_000
const answerMs = 5_000

export async function lookAtHome(folder: string): Promise<Finding> {
  if (process.platform === 'win32') return finding('home-closed', 'NOT_APPLICABLE', 'Windows has other permissions.')
  for (const path of [folder, bootstrapFile(folder)]) {
    const mode = await stat(path).then(
      (found) => found.mode,
      () => null,
    )
    if (mode === null) return finding('home-closed', 'COULD_NOT_TELL', `${path} cannot be looked at.`)
    if ((mode & 0o077) === 0) continue
    return finding('home-closed', 'WARNING', `Other users of this machine may open ${path}.`, {
      why: 'It holds the API keys and passwords of this home in clear.',
      whatToDo: 'Close it to others.',
      command: `chmod go= ${quoted(path)}`,
    })
  }
  return finding('home-closed', 'OK', 'The home is closed to other users.')
}

/** Reachable, ready, and of one time with this machine. */
export async function lookAtServer(io: Pick<Io, 'fetch'>, baseUrl: string): Promise<readonly Finding[]> {
  const ask = async (path: string): Promise<Answer> => {
    const signal = AbortSignal.timeout(answerMs)
    const answer = await io.fetch(`${baseUrl}${path}`, { method: 'GET', redirect: 'manual', headers: {}, signal })
    await answer.text()
    return answer
  }
  let health: Answer
  try {
    health = await ask('/healthz')
  } catch (cause) {
    return [serverAway(new UnreachableError(baseUrl, cause))]
  }
  const reachable = finding('server-reachable', 'OK', `${baseUrl} answers.`)
  const ready = await ask('/readyz').then(
    ({ status }) => status === 200,
    () => false,
  )
  return [
    reachable,
    ready
      ? finding('server-ready', 'OK', 'The control plane reaches its store.')
      : finding('server-ready', 'FAILED', 'The control plane answers, and its store does not.', {
          why: 'Nothing can be read or changed; the edges go on with what they have.',
          whatToDo: 'Look whether the database runs and the disk has room; the log of the control plane says more.',
        }),
    clock(health.headers.get('date'), Date.now()),
  ]
}

const serverAway = (problem: UnreachableError): Finding =>
  finding('server-reachable', 'FAILED', `${sentence(errorText(problem).split('. ')[0] ?? '')}.`, {
    why: 'Nothing can be asked or changed; the edges go on serving what they have.',
    whatToDo: 'Start it again; its log says why it ended.',
    command: 'postern up',
  })

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}`

function clock(date: string | null, now: number): Finding {
  const said = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(said)) return finding('clock', 'NOT_APPLICABLE', 'The server does not tell its time.')
  const apart = Math.round(Math.abs(now - said) / 1_000)
  if (apart * 1_000 <= skewMs) return finding('clock', 'OK', 'The clocks agree.')
  return finding('clock', 'WARNING', `The clock of this machine and the server's are ${apart} s apart.`, {
    why: 'Tokens and certificates are taken only within their time.',
    whatToDo: 'Set the clocks by NTP.',
  })
}

/** The findings for an error of a call; throws what is none of the doctor's. */
export function refusedCall(problem: unknown): readonly Finding[] {
  if (problem instanceof UnreachableError) return [serverAway(problem)]
  if (problem instanceof ApiError && problem.errorCode === 'GROUP_NOT_FOUND') return [keysAccepted, noProject(problem)]
  if (problem instanceof ApiError && (problem.status === 401 || problem.status === 403)) {
    const refused = finding('keys-accepted', 'FAILED', `The control plane refused the keys: ${problem.detail}`, {
      why: 'They are of another server, were deleted, may not be used from here, or lack the role Project Read Only.',
      whatToDo: 'Use other keys; which were used is said on standard error.',
      command: 'postern config list',
    })
    return [refused]
  }
  throw problem
}

export const keysAccepted = finding('keys-accepted', 'OK', 'The control plane takes the keys.')

const noProject = ({ detail }: ApiError): Finding =>
  finding('target-known', 'FAILED', detail, {
    why: 'It was deleted, or is of another server: a home names the project that was made first until Postern starts again.',
    whatToDo: 'Name another project with --projectId.',
    command: 'postern projects list',
  })

/** Any answer of the home's DNS server will do: it refuses what is not of its zone. */
export async function lookAtDns(address: string): Promise<Finding> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  resolver.setServers([address])
  const code = await resolver.resolveSoa('postern.internal').then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? 'UNKNOWN',
  )
  if (code === null || !['ETIMEOUT', 'ECONNREFUSED'].includes(code)) {
    return finding('dns-answers', 'OK', `The DNS server at ${address} answers.`)
  }
  return finding('dns-answers', 'FAILED', `The DNS server at ${address} does not answer (${code}).`, {
    why: 'Names of endpoints, and mongodb+srv:// strings, resolve nowhere else.',
    whatToDo: 'Look whether the edge runs; its log is logs/edge.log in the home.',
  })
}
