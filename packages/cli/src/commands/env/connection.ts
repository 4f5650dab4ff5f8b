// A cluster's connection string for mongosh: through a private endpoint where it has one. In the environment, since what
// stands in a command line can be read by other processes.

import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { at, itemsOf, textAt } from '../../print/json.ts'
import { readBootstrap } from '../../server/bootstrap.ts'
import { homeFolder } from '../../server/folders.ts'
import type { Variables } from './shell-lines.ts'

/** Throws UsageError where it is not clear which cluster, or the cluster has no connection string yet. */
export async function connectionVariable(context: Context): Promise<Variables> {
  const groupId = await context.groupId()
  const client = await context.client()
  const name = context.optionalArg('clusterName') ?? (await onlyCluster(context, groupId))
  const { body } = await client.call('getGroupCluster', { params: { groupId, clusterName: name } })
  const strings = at(body, 'connectionStrings')
  const [endpoint] = itemsOf(at(strings, 'privateEndpoint'))
  const uri = textAt(endpoint, 'connectionString') || textAt(strings, 'standardSrv') || textAt(strings, 'standard')
  if (uri === '') throw new UsageError(`cluster ${name} has no connection string yet`)
  return { POSTERN_URI: withUser(uri, await homeUser(context)) }
}

async function onlyCluster(context: Context, groupId: string): Promise<string> {
  const { body } = await (await context.client()).call('listGroupClusters', { params: { groupId } })
  const names = itemsOf(body).map((cluster) => textAt(cluster, 'name'))
  const [only, another] = names
  if (only !== undefined && another === undefined) return only
  throw new UsageError(
    only === undefined ? 'there is no cluster in this project' : `name a cluster: ${names.join(', ')}`,
  )
}

interface User {
  readonly username: string
  readonly password: string
}

/** The database user that `postern up` made, for the server that it started. */
async function homeUser(context: Context): Promise<User | undefined> {
  const home = await readBootstrap(homeFolder(context.io.env))
  const { baseUrl, groupId } = await context.server()
  if (home === undefined || new URL(home.apiUrl).origin !== new URL(baseUrl).origin || home.groupId !== groupId) {
    return undefined
  }
  const { dbUser, dbPassword } = home
  return dbUser === undefined || dbPassword === undefined ? undefined : { username: dbUser, password: dbPassword }
}

const withUser = (uri: string, user: User | undefined): string =>
  user === undefined
    ? uri
    : uri.replace(
        /^(mongodb(?:\+srv)?:\/\/)/,
        (scheme) => `${scheme}${encodeURIComponent(user.username)}:${encodeURIComponent(user.password)}@`,
      )
