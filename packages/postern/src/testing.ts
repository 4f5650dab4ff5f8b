// `import { startPostern } from 'postern/testing'`: the whole in somebody's test suite. It runs as a process of its own,
// the program that `postern up` is, and ends with the one that started it. Everything that a caller sees is in this file
// and names nothing outside it: its declarations are published as they stand.

import { checkOptions, checkTesting } from './testing/check.ts'
import { doorOf } from './testing/door.ts'
import { look } from './testing/look.ts'
import { readSeed } from './testing/seed.ts'
import { bootstrapOf } from './testing/taken.ts'
import { startUp } from './testing/up-process.ts'
import { withCredentials } from './testing/uri.ts'
import { variablesOf } from './testing/variables.ts'

export interface StartOptions {
  /**
   * The seed: a file as `postern apply` takes it (docs/apply.md), by its path, or what stands in such a file as an
   * object. Without it there is the sample of `postern up`: Cluster0 with one private endpoint and one database user.
   */
  readonly apply?: string | Readonly<Record<string, unknown>>
  /** Whose behaviour, where Postern's and Atlas's differ (docs/api-differences.md); postern unless told. */
  readonly fidelity?: 'postern' | 'atlas'
  /** accept: a consumer endpoint that nobody made on this machine is taken in, for modules that make it elsewhere. */
  readonly unknownEndpoints?: 'reject' | 'accept'
  /** Serve https too, by an authority of its own (`caFile`). */
  readonly https?: boolean
  /** How long the local cloud takes for one step, in milliseconds; 0 unless told. See `advance`. */
  readonly cloudMs?: number
  /** Its log on this process's stderr; nowhere unless told. */
  readonly log?: boolean
}

/** One that runs already: its home folder, or where it listens and an Organization Owner's key pair. */
export type RunningPostern = string | { readonly url: string; readonly publicKey: string; readonly privateKey: string }

export type FaultName =
  | 'endpoint-refused'
  | 'endpoint-lost'
  | 'region-full'
  | 'operation-in-progress'
  | 'cloud-away'
  | 'slow-cloud'
  | 'member-down'
  | 'primary-steps-down'

/** What docs/testing.md tells of each; a field that is left out narrows nothing. */
export interface NewFault {
  readonly name: FaultName
  readonly provider?: 'AWS' | 'AZURE' | 'GCP' | undefined
  /** In any spelling: `US_EAST_1`, `us-east-1`. */
  readonly region?: string | undefined
  /** The cloud's own id of the consumer's endpoint. */
  readonly endpointId?: string | undefined
  readonly groupId?: string | undefined
  readonly clusterName?: string | undefined
  /** Number of a member, from 0. */
  readonly member?: number | undefined
  /** How much longer it takes, in milliseconds. */
  readonly ms?: number | undefined
  /** How often it happens. */
  readonly times?: number | undefined
  /** What the cloud says instead of the fault's own sentence. */
  readonly message?: string | undefined
}

export interface Fault extends NewFault {
  readonly id: string
  /** How often it still happens; null: until it is cleared. */
  readonly left: number | null
  /** How often it has happened. */
  readonly struck: number
}

export interface Faults {
  readonly set: (fault: NewFault) => Promise<Fault>
  readonly list: () => Promise<readonly Fault[]>
  /** One, or, without an id, all of them. */
  readonly clear: (id?: string) => Promise<void>
}

export interface TakenPostern {
  /** Where the Administration API is, without `/api/atlas/v2`. */
  readonly apiUrl: string
  readonly consoleUrl: string
  readonly orgId: string
  /** The first project of the seed; of one that ran already, the first that there is. */
  readonly groupId: string
  /** Key pair of an Organization Owner. */
  readonly publicKey: string
  readonly privateKey: string
  /** For a process that drives it: the Atlas CLI, the Terraform provider, the SDKs and `postern` itself read these. */
  readonly env: Readonly<Record<string, string>>
  /** Private-endpoint strings of the clusters of that project, without credentials. */
  readonly connectionStrings: readonly string[]
  readonly faults: Faults
  /**
   * Lets time pass at once: what the clouds take time for, what is to expire, what waits to be tried again. Resolves when
   * all that became due is done. Answers what the clock shows.
   */
  readonly advance: (ms: number) => Promise<Date>
  /** Keeps what is there now as the seed. */
  readonly keepSeed: () => Promise<void>
  /** Back to the seed: projects, endpoints, clusters with their data and users, time; faults are cleared. */
  readonly reset: () => Promise<void>
  /** Ends what was started; one that ran already goes on. */
  readonly stop: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export interface Postern extends TakenPostern {
  /** Only with `https`. */
  readonly httpsUrl: string | null
  /** A service account of an Organization Owner. */
  readonly clientId: string
  readonly clientSecret: string
  /** PEM: whom to trust with `https`, and at endpoints that are told by name. */
  readonly caFile: string
  /** `host:port` of the DNS server that knows the names of endpoints. */
  readonly dnsAddress: string
  /**
   * The first of `connectionStrings`, with the sample's database user, or the first of the seed that has a password in
   * clear; null where the seed has no private endpoint.
   */
  readonly uri: string | null
}

/**
 * Starts Postern on free ports in a temporary folder, and resolves when it is ready. Rejects with its own words when it
 * cannot start or knows an option of these not; nothing runs on then. A process that is forgotten ends with this one, even when that is killed.
 */
export async function startPostern(options?: StartOptions): Promise<Postern>
/** Takes one that runs. Rejects where it was not started with `--testing`. */
export async function startPostern(options: { readonly running: RunningPostern }): Promise<TakenPostern>
export async function startPostern(
  options: StartOptions | { readonly running: RunningPostern } = {},
): Promise<TakenPostern> {
  checkOptions(options)
  return 'running' in options ? take(options.running) : start(options)
}

async function take(running: RunningPostern): Promise<TakenPostern> {
  const at = typeof running === 'string' ? bootstrapOf(running) : running
  const door = doorOf({ apiUrl: at.url, ...at })
  await checkTesting(door.client, at.url)
  const stop = async (): Promise<void> => {}
  return { ...door.postern, ...(await look(door.client, at)), stop, [Symbol.asyncDispose]: stop }
}

async function start(options: StartOptions): Promise<Postern> {
  const seed = await readSeed(options.apply)
  const { told, stop } = await startUp(options)
  try {
    const door = doorOf(told)
    const [project] = told.applied ?? []
    const groupId = project?.groupId ?? told.groupId
    const applied = project?.clusters.flatMap(({ connectionStrings }) => connectionStrings)
    const connectionStrings = applied ?? told.connectionStrings
    const credentials = seed === null ? { user: told.dbUser, password: told.dbPassword } : seed.credentials
    const { orgId, publicKey, privateKey, clientId, clientSecret, caFile, dnsAddress } = told
    return {
      ...door.postern,
      orgId,
      groupId,
      clientId,
      clientSecret,
      caFile,
      dnsAddress,
      connectionStrings,
      httpsUrl: told.httpsUrl ?? null,
      uri: connectionStrings[0] === undefined ? null : withCredentials(connectionStrings[0], credentials),
      env: variablesOf({ apiUrl: told.apiUrl, publicKey, privateKey, orgId, groupId }),
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
