// Registering a deployment of the user's own: it is asked what it is, while the caller waits, and stored as a cluster
// that stands. From then on its turns watch it like any other. It makes this server dial addresses of the caller's
// choosing and keep an administrator's password, so it takes an Organization Owner beside the route's own role.

import { createSecureContext } from 'node:tls'
import { AtlasError } from '@postern/contract/errors'
import type { BodyOf, ReplyOf } from '@postern/contract/schemas/operations'
import type { Transaction } from 'kysely'
import type { MemberRole, Reach } from '../../engines/engine.ts'
import type { Engines } from '../../engines/engines.ts'
import type { Watch } from '../../engines/watch.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { holdsOrgRole } from '../../http/may.ts'
import type { Parts } from '../../parts.ts'
import { rehearse } from '../../store/rehearse.ts'
import type { Tables } from '../../store/tables.ts'
import { checkClusterName } from '../cluster/body.ts'
import { checkClusterLimit, checkRegionalMode, checkTargetLimits } from '../cluster/room.ts'
import type { Place } from '../cluster/spec.ts'
import { wakeDatabaseAccess } from '../database-access/wake.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { asCheck, blockerOf } from '../preview/blockers.ts'
import { type DeploymentString, readDeploymentString, refusedDeployment } from './connection-string.ts'
import { describeDeployment, readPlace } from './description.ts'
import { type Discovered, discover, mayManageUsers } from './discover.ts'
import { hiddenReason } from './hidden-reason.ts'
import { keptReach } from './kept-reach.ts'
import { refuseManagedTwice } from './managed-already.ts'
import { registeredPage } from './registered.ts'
import { resolveSrvString, type SrvLookup } from './srv.ts'

type Asked = Call<'registerGroupDeployment'> | Call<'checkGroupDeployment'>
type Answer = ReplyOf<'registerGroupDeployment'>

const reasons = {
  none: 'no administrator was given: database users of the project are not made on this deployment',
  lookOnly: 'the user that was given may not manage users: database users of the project are not made here',
} as const

interface Registration {
  readonly id: string
  readonly place: Place
  readonly reach: Reach
  readonly found: Discovered
  readonly usersNotManagedReason: string | null
}

/** `dns` resolves `mongodb+srv` names. */
export const deploymentHandlers = (
  parts: Parts,
  engines: Engines,
  dns: SrvLookup,
): Handlers<'listGroupDeployments' | 'registerGroupDeployment' | 'checkGroupDeployment'> => {
  const { store, ids, seal, clock } = parts

  const register = async (call: Asked, watch: Watch, run: Parts['store']['transact']): Promise<Answer> => {
    const { body } = call
    const id = ids.objectId()
    checkClusterName(body.name)
    const place = readPlace(body)
    const string = await resolveSrvString(readDeploymentString(body.connectionString), dns)
    const given = reachOf(body, string)
    const found = await discover(watch, { id, reach: given, replicaSet: string.replicaSet })
    const manages = given.admin !== null && (await mayManageUsers(watch, id, given))
    const reach = keptReach(given, { found, manages })
    const usersNotManagedReason = manages ? null : given.admin === null ? reasons.none : reasons.lookOnly
    const registration = { id, place, reach, found, usersNotManagedReason }
    const members = await run((tx) => save(tx, call, registration))
    return answer(call, registration, members)
  }

  const save = async (tx: Transaction<Tables>, call: Asked, registration: Registration): Promise<Answer['members']> => {
    const { id, place, reach, found } = registration
    const groupId = call.params.groupId ?? ''
    const orgId = await orgOf(tx, groupId)
    await checkClusterLimit(tx, groupId)
    const told = found.members.filter(({ role }) => role !== 'hidden').length
    await checkTargetLimits(tx, groupId, told)
    if (reach.admin !== null) {
      const hostPorts = found.members.map(({ hostPort }) => hostPort)
      await refuseManagedTwice(tx, parts, { groupId, hostPorts })
    }
    const clusterType = found.kind === 'routers' ? 'SHARDED' : 'REPLICASET'
    await checkRegionalMode(tx, groupId, { clusterName: call.body.name, clusterType })
    const described = { ...place, clusterType, members: told, version: found.version } as const
    const made = await tx
      .insertInto('cluster')
      .values({
        id,
        group_id: groupId,
        name: call.body.name,
        engine: 'registered',
        cluster_type: clusterType,
        state: 'IDLE',
        spec: JSON.stringify(describeDeployment(described, ids)),
        set_name: found.kind === 'replicaSet' ? found.setName : null,
        mongodb_version: found.version,
        access: seal.close(id, JSON.stringify(reach)),
        tls: JSON.stringify(toTell(reach.tls)),
        error_message: null,
        hidden_unknown: unknownOf(found),
        created: new Date(clock.now()),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (made === undefined) throw new AtlasError('DUPLICATE_CLUSTER_NAME', { clusterName: call.body.name, groupId })
    const members = found.members.map(({ hostPort, role }) => ({ id: ids.objectId(), hostPort, role }))
    await saveMembers(tx, registration, members)
    await parts.turns.wake(tx, 'cluster', id)
    await wakeDatabaseAccess(parts, tx, groupId)
    await wakeFeeds(tx, parts)
    await recordEvent(tx, parts, {
      type: 'CLUSTER_CREATED',
      orgId,
      groupId,
      actor: call.actor,
      sourceAddress: call.sourceAddress,
      target: { clusterId: id, clusterName: call.body.name, registered: true },
    })
    return members
  }

  const saveMembers = async (
    tx: Transaction<Tables>,
    { id, place }: Registration,
    members: readonly { readonly id: string; readonly hostPort: string; readonly role: MemberRole }[],
  ): Promise<void> => {
    const rows = members.map((member, position) => ({
      id: member.id,
      cluster_id: id,
      host_port: member.hostPort,
      ...place,
      role: member.role,
      position,
    }))
    await tx.insertInto('member').values(rows).execute()
  }

  const checkOwner = async ({ actor, params }: Asked): Promise<void> => {
    const orgId = await orgOf(store.read, params.groupId ?? '')
    if (actor === null || !holdsOrgRole(actor, orgId, ['ORG_OWNER'])) throw new AtlasError('USER_UNAUTHORIZED', {})
  }

  return {
    listGroupDeployments: async (call) => ({ body: await registeredPage(parts, call) }),

    registerGroupDeployment: async (call) => {
      await checkOwner(call)
      return { body: await engines.visit((watch) => register(call, watch, store.transact)) }
    },

    checkGroupDeployment: async (call) => {
      await checkOwner(call)
      try {
        const found = await engines.visit((watch) => register(call, watch, (work) => rehearse(store, work)))
        const { type, setName, mongoDBVersion, usersManaged, usersNotManagedReason, hiddenMembersUnknownReason } = found
        const members = found.members.map(({ hostPort, role }) => ({ hostPort, role }))
        const deployment = {
          type,
          setName,
          mongoDBVersion,
          usersManaged,
          usersNotManagedReason,
          hiddenMembersUnknownReason,
          members,
        }
        return { body: { ...asCheck([]), deployment } }
      } catch (thrown) {
        return { body: { ...asCheck([blockerOf(thrown)]), deployment: null } }
      }
    },
  }
}

const orgOf = async (db: Pick<Transaction<Tables>, 'selectFrom'>, groupId: string): Promise<string> => {
  const group = await db.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
  if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return group.org_id
}

/** How to reach it, from the body and the string. Throws POSTERN_DEPLOYMENT_REFUSED where the two do not fit. */
const reachOf = (body: BodyOf<'registerGroupDeployment'>, string: DeploymentString): Reach => {
  if (body.username !== undefined && string.username !== null) {
    throw refusedDeployment('username', 'the connection string names a user already')
  }
  const user = body.username ?? string.username
  const password = body.password ?? string.password
  if (user === null && password !== null) throw refusedDeployment('username', 'a password needs its user')
  if (user !== null && password === null) throw refusedDeployment('password', 'the user needs a password')
  if (body.tls !== undefined && !string.tls) {
    throw refusedDeployment('tls', 'the connection string does not speak TLS: add tls=true to it')
  }
  return {
    hosts: [...string.hosts],
    admin: user === null || password === null ? null : { user, password, source: string.authSource },
    monitor: null,
    tls: string.tls
      ? {
          ca: body.tls?.ca ?? null,
          allowInvalidHostnames: body.tls?.allowInvalidHostnames ?? false,
          shown: shownOf(body.tls ?? {}),
        }
      : null,
  }
}

/** What gateways are told of a deployment's TLS: nothing that is secret. */
const toTell = (tls: Reach['tls']): Omit<NonNullable<Reach['tls']>, 'shown'> | null =>
  tls === null ? null : { ca: tls.ca, allowInvalidHostnames: tls.allowInvalidHostnames }

type Shown = NonNullable<Reach['tls']>['shown']

const shownOf = ({ certificate, key }: Partial<NonNullable<BodyOf<'registerGroupDeployment'>['tls']>>): Shown => {
  if (certificate === undefined && key === undefined) return null
  if (certificate === undefined) throw refusedDeployment('tls.certificate', 'a key needs its certificate')
  if (key === undefined) throw refusedDeployment('tls.key', 'a certificate needs its key')
  try {
    createSecureContext({ cert: certificate, key })
  } catch {
    throw refusedDeployment('tls.key', 'is not the key of the certificate')
  }
  return { cert: certificate, key }
}

/** Routers have no hidden ones. */
const unknownOf = (found: Discovered) => (found.kind === 'routers' ? null : found.hidden)

const answer = (call: Asked, registration: Registration, members: Answer['members']): Answer => {
  const { id, reach, found, usersNotManagedReason } = registration
  const groupId = call.params.groupId ?? ''
  const self = `/api/atlas/v2/groups/${groupId}/clusters/${call.body.name}`
  return {
    id,
    groupId,
    name: call.body.name,
    type: found.kind === 'routers' ? 'MONGOS' : 'MONGOD',
    setName: found.kind === 'replicaSet' ? found.setName : null,
    mongoDBVersion: found.version,
    members,
    hiddenMembersUnknownReason: hiddenReason(unknownOf(found), reach),
    usersManaged: usersNotManagedReason === null,
    usersNotManagedReason,
    stateName: 'IDLE',
    links: [{ href: call.link(self), rel: 'self' }],
  }
}
