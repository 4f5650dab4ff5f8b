// Which server a client command talks to, and as whom: flags, environment, the chosen profile, else the running home's
// bootstrap.json (design, section 3). URL and credentials come from one source together, so that a key never goes to
// another server than its own; Atlas's variables and profiles count only with a base URL, and none under mongodb.com
// is ever contacted.

import type { Credentials } from '../connect.ts'
import { UsageError } from '../core/usage-error.ts'
import { isAtlas } from './atlas-host.ts'
import { bootstrapFile, readBootstrap } from './bootstrap.ts'
import { configFile, homeFolder } from './folders.ts'
import { type Profile, readProfiles } from './profile.ts'

export interface FoundServer {
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly orgId: string | undefined
  readonly groupId: string | undefined
  readonly output: string | undefined
  /** For stderr: `environment`, `profile work`, `home /…/postern`. */
  readonly from: string
}

type Env = Readonly<Record<string, string | undefined>>

interface Source {
  readonly from: string
  readonly baseUrl: string | undefined
  readonly credentials: Credentials | undefined
  readonly orgId: string | undefined
  readonly groupId: string | undefined
  readonly output: string | undefined
}

/** Throws UsageError, saying what to do, where no source names a server and its keys. */
export async function findServer(given: {
  readonly env: Env
  readonly profile: string | undefined
  readonly baseUrl: string | undefined
  /** Hears of each source whose keys are passed over, and why. */
  readonly tell: (line: string) => void
}): Promise<FoundServer> {
  const { env, tell } = given
  const own = fromOwnVariables(env)
  const atlas = atlasVariables(env)
  const ids = {
    orgId: own.orgId ?? atlas?.orgId,
    groupId: own.groupId ?? atlas?.groupId,
    output: own.output ?? atlas?.output,
  }
  const finish = (source: Source, baseUrl: string): FoundServer => ({
    ...checked(source, baseUrl),
    orgId: ids.orgId ?? source.orgId,
    groupId: ids.groupId ?? source.groupId,
    output: ids.output ?? source.output,
  })

  if (given.baseUrl !== undefined) return finish(await keysFor(given.baseUrl, given), given.baseUrl)
  if (given.profile !== undefined) {
    const chosen = await namedProfile(configFile(env), given.profile)
    return finish(chosen, urlOf(chosen, `profile "${given.profile}" has no ops_manager_url`))
  }
  if (own.baseUrl !== undefined) {
    return finish(own.credentials === undefined ? await keysFor(own.baseUrl, given) : own, own.baseUrl)
  }
  passOver({ ...own, from: 'environment (POSTERN_…)' }, tell)
  if (atlas?.baseUrl !== undefined) return finish(atlas, atlas.baseUrl)
  passOver(everyAtlasVariable(env), tell)
  const profile = (await readProfiles(configFile(env))).get('default')
  const fallback = profile === undefined ? undefined : fromProfile('default', profile)
  if (fallback?.baseUrl !== undefined && !isAtlas(fallback.baseUrl)) {
    // The home's own key, rotated into it: the home knows where it listens now.
    const home = await fromHome(env).catch(() => undefined)
    const own = home?.baseUrl !== undefined && isSameKey(home.credentials, fallback.credentials)
    return own ? finish(home, home.baseUrl) : finish(fallback, fallback.baseUrl)
  }
  passOver(fallback, tell)
  const home = await fromHome(env)
  if (home?.baseUrl !== undefined) return finish(home, home.baseUrl)
  throw new UsageError(
    [
      `no Postern server found: nothing in the environment, no profile in ${configFile(env)}, no ${bootstrapFile(homeFolder(env))}.`,
      'Start one with `npx postern up`, or set POSTERN_URL, POSTERN_PUBLIC_KEY and POSTERN_PRIVATE_KEY.',
    ].join('\n'),
  )
}

/** Keys for a URL that came without: from the environment, else from the home or profile that has this very URL. */
async function keysFor(
  baseUrl: string,
  given: { readonly env: Env; readonly profile: string | undefined },
): Promise<Source> {
  const { env } = given
  const named = given.profile === undefined ? undefined : await namedProfile(configFile(env), given.profile)
  const own = fromOwnVariables(env)
  const profiles = [...(await readProfiles(configFile(env)))].map(([name, profile]) => fromProfile(name, profile))
  const here = (source: Source): boolean =>
    source.baseUrl !== undefined && originOf(source.baseUrl) === originOf(baseUrl)
  // Keys without a URL of their own go only where they were pointed to by name, since they may be Atlas's.
  const pointedTo = [named, own].filter((source) => source !== undefined && source.baseUrl === undefined)
  const places = [...pointedTo, named, own, await fromHome(env), ...profiles]
  const found = places.find(
    (source) => source?.credentials !== undefined && (pointedTo.includes(source) || here(source)),
  )
  if (found !== undefined) return found
  throw new UsageError(`no keys for ${baseUrl}: set POSTERN_PUBLIC_KEY and POSTERN_PRIVATE_KEY, or make a profile`)
}

function checked(source: Source, baseUrl: string): Pick<FoundServer, 'baseUrl' | 'credentials' | 'from'> {
  const origin = originOf(baseUrl)
  if (origin === undefined) throw new UsageError(`${source.from}: "${baseUrl}" is not an http or https URL`)
  if (isAtlas(baseUrl)) {
    throw new UsageError(
      `${source.from} names ${origin}: Postern never contacts MongoDB Atlas; use the atlas CLI there`,
    )
  }
  if (source.credentials === undefined) throw new UsageError(`${source.from} names ${origin} but has no keys for it`)
  return { baseUrl: baseUrl.replace(/\/+$/, ''), credentials: source.credentials, from: source.from }
}

function urlOf(source: Source, otherwise: string): string {
  if (source.baseUrl === undefined) throw new UsageError(otherwise)
  return source.baseUrl
}

function fromOwnVariables(env: Env): Source {
  return {
    from: 'environment',
    baseUrl: set(env.POSTERN_URL),
    credentials: credentialsOf({
      clientId: env.POSTERN_CLIENT_ID,
      clientSecret: env.POSTERN_CLIENT_SECRET,
      publicKey: env.POSTERN_PUBLIC_KEY,
      privateKey: env.POSTERN_PRIVATE_KEY,
      token: env.POSTERN_ACCESS_TOKEN,
    }),
    orgId: set(env.POSTERN_ORG_ID),
    groupId: set(env.POSTERN_PROJECT_ID),
    output: set(env.POSTERN_OUTPUT),
  }
}

/** Undefined, as if none were set, without a base URL of ours: they are the Atlas CLI's then. */
function atlasVariables(env: Env): Source | undefined {
  const source = everyAtlasVariable(env)
  return source.baseUrl === undefined || isAtlas(source.baseUrl) ? undefined : source
}

/** Keys without a URL of their own may be another server's, or Atlas's: they are never sent anywhere. */
function passOver(source: Source | undefined, tell: (line: string) => void): void {
  if (source?.credentials === undefined) return
  const why = source.baseUrl === undefined ? 'no base URL comes with them' : 'they are for MongoDB Atlas'
  tell(`Passed over the keys of ${source.from}: ${why}.`)
}

function everyAtlasVariable(env: Env): Source {
  return {
    from: 'environment (MONGODB_ATLAS_…)',
    baseUrl: set(env.MONGODB_ATLAS_OPS_MANAGER_URL) ?? set(env.MONGODB_ATLAS_BASE_URL),
    credentials: credentialsOf({
      clientId: env.MONGODB_ATLAS_CLIENT_ID,
      clientSecret: env.MONGODB_ATLAS_CLIENT_SECRET,
      publicKey: set(env.MONGODB_ATLAS_PUBLIC_API_KEY) ?? env.MONGODB_ATLAS_PUBLIC_KEY,
      privateKey: set(env.MONGODB_ATLAS_PRIVATE_API_KEY) ?? env.MONGODB_ATLAS_PRIVATE_KEY,
      token: env.MONGODB_ATLAS_ACCESS_TOKEN,
    }),
    orgId: set(env.MONGODB_ATLAS_ORG_ID),
    groupId: set(env.MONGODB_ATLAS_PROJECT_ID),
    output: set(env.MONGODB_ATLAS_OUTPUT),
  }
}

async function namedProfile(file: string, name: string): Promise<Source> {
  const profile = (await readProfiles(file)).get(name)
  if (profile === undefined) throw new UsageError(`no profile "${name}" in ${file}`)
  return fromProfile(name, profile)
}

const fromProfile = (name: string, profile: Profile): Source => ({
  from: `profile ${name}`,
  baseUrl: set(profile.ops_manager_url) ?? set(profile.base_url),
  credentials: credentialsOf({
    clientId: profile.client_id,
    clientSecret: profile.client_secret,
    publicKey: profile.public_api_key,
    privateKey: profile.private_api_key,
    token: profile.access_token,
  }),
  orgId: set(profile.org_id),
  groupId: set(profile.project_id),
  output: set(profile.output),
})

async function fromHome(env: Env): Promise<Source | undefined> {
  const home = homeFolder(env)
  const bootstrap = await readBootstrap(home)
  if (bootstrap === undefined) return undefined
  const { apiUrl: baseUrl, orgId, groupId, rotated } = bootstrap
  if (rotated !== undefined) {
    // Where it listens it still says itself; the profile may be another server's by now, whose keys are none of its own.
    const profile = (await readProfiles(configFile(env))).get(rotated.profile)
    const kept = profile !== undefined && profile.public_api_key === rotated.publicKey
    const from = `home ${home}, profile ${rotated.profile}`
    const without = { from, baseUrl, credentials: undefined, orgId, groupId, output: undefined }
    return kept ? { ...fromProfile(rotated.profile, profile), from, baseUrl } : without
  }
  return {
    from: `home ${home}`,
    baseUrl,
    credentials: credentialsOf({ publicKey: bootstrap.publicKey, privateKey: bootstrap.privateKey }),
    orgId,
    groupId,
    output: undefined,
  }
}

/** The Atlas CLI's order: a service account, else an API key, else a token. */
function credentialsOf(words: Readonly<Record<string, string | undefined>>): Credentials | undefined {
  const { clientId, clientSecret, publicKey, privateKey, token } = words
  if (isSet(clientId) && isSet(clientSecret)) return { kind: 'serviceAccount', clientId, clientSecret }
  if (isSet(publicKey) && isSet(privateKey)) return { kind: 'digest', publicKey, privateKey }
  return isSet(token) ? { kind: 'bearer', token } : undefined
}

const isSameKey = (one: Credentials | undefined, other: Credentials | undefined): boolean =>
  one?.kind === 'digest' && other?.kind === 'digest' && one.publicKey === other.publicKey

const isSet = (value: string | undefined): value is string => value !== undefined && value !== ''
const set = (value: string | undefined): string | undefined => (isSet(value) ? value : undefined)

function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, origin } = new URL(url)
  return protocol === 'http:' || protocol === 'https:' ? origin : undefined
}
