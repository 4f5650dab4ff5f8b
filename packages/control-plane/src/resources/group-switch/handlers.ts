// Small switches of a group, and the addresses of its clusters. Custom DNS and slow operations steer machines that Atlas runs
// and we do not: they are kept as they are told, so that automation that sets and reads them works. Private only makes its
// clusters' answers leave the standard strings out, and closes their standard listeners at the gateways. Members' own ports it
// hides and closes none: that is for whoever owns them.

import { isIP } from 'node:net'
import { AtlasError } from '@postern/contract/errors'
import type { Call, Handlers } from '../../http/handler.ts'
import { plainAddress } from '../../identity/address-range.ts'
import type { Parts } from '../../parts.ts'
import { recordEvent } from '../event/record.ts'
import { wakeListeners } from '../standard-listener/open.ts'

type Operation =
  | 'getGroupAwsCustomDns'
  | 'toggleGroupAwsCustomDns'
  | 'getGroupManagedSlowMs'
  | 'enableGroupManagedSlowMs'
  | 'disableGroupManagedSlowMs'
  | 'getGroupIpAddresses'
  | 'getGroupPrivateOnly'
  | 'updateGroupPrivateOnly'

type Asked = Pick<Call<Operation>, 'params'>
type Told = Asked & Pick<Call<Operation>, 'actor' | 'sourceAddress'>
type Switch = keyof typeof switchNames

const switchNames = {
  aws_custom_dns: 'awsCustomDNS',
  managed_slow_ms: 'managedSlowMs',
  private_only: 'privateOnly',
} as const

export const groupSwitchHandlers = (parts: Parts): Handlers<Operation> => {
  const { store } = parts

  const isOn = async ({ params: { groupId = '' } }: Asked, name: Switch): Promise<boolean> => {
    const row = await store.read.selectFrom('group').select(name).where('id', '=', groupId).executeTakeFirst()
    if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
    return (row as Readonly<Record<Switch, boolean>>)[name]
  }

  const turn = ({ params: { groupId = '' }, actor, sourceAddress }: Told, name: Switch, on: boolean): Promise<void> =>
    store.transact(async (tx) => {
      const group = await tx
        .updateTable('group')
        .set({ [name]: on })
        .where('id', '=', groupId)
        .returning('org_id')
        .executeTakeFirst()
      if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
      const target = { setting: switchNames[name], enabled: on }
      // Atlas has no type of its own for any.
      await recordEvent(tx, parts, {
        type: 'GROUP_SETTINGS_UPDATED',
        orgId: group.org_id,
        groupId,
        actor,
        sourceAddress,
        target,
      })
      if (name === 'private_only') await wakeListeners(tx, parts, groupId)
    })

  return {
    getGroupAwsCustomDns: async (call) => ({ body: { enabled: await isOn(call, 'aws_custom_dns') } }),
    toggleGroupAwsCustomDns: async (call) => {
      await turn(call, 'aws_custom_dns', call.body.enabled)
      return { body: { enabled: call.body.enabled } }
    },

    getGroupPrivateOnly: async (call) => ({ body: { enabled: await isOn(call, 'private_only') } }),
    updateGroupPrivateOnly: async (call) => {
      await turn(call, 'private_only', call.body.enabled)
      return { body: { enabled: call.body.enabled } }
    },

    getGroupManagedSlowMs: async (call) => ({ body: await isOn(call, 'managed_slow_ms') }),
    enableGroupManagedSlowMs: async (call) => {
      await turn(call, 'managed_slow_ms', true)
      return {}
    },
    disableGroupManagedSlowMs: async (call) => {
      await turn(call, 'managed_slow_ms', false)
      return {}
    },

    /** Inbound: the addresses of members that are named by one. Nothing leaves a deployment from an address of ours. */
    getGroupIpAddresses: async ({ params: { groupId = '' } }) => {
      const rows = await store.read
        .selectFrom('cluster')
        .leftJoin('member', 'member.cluster_id', 'cluster.id')
        .select(['cluster.name', 'member.host_port'])
        .where('cluster.group_id', '=', groupId)
        .orderBy('cluster.name')
        .orderBy('member.position')
        .execute()
      const clusters = [...new Set(rows.map(({ name }) => name))].map((clusterName) => ({
        clusterName,
        futureInbound: [],
        futureOutbound: [],
        inbound: addressesOf(rows.filter(({ name }) => name === clusterName).map(({ host_port }) => host_port ?? '')),
        outbound: [],
      }))
      return { body: { groupId, services: { clusters } } }
    },
  }
}

const addressesOf = (hostPorts: readonly string[]): string[] => {
  const hosts = hostPorts.map((hostPort) => hostPort.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'))
  return [...new Set(hosts.filter((host) => isIP(host) > 0).map(plainAddress))]
}
