// `organizations apiKeys accessLists list | create | delete`.

import type { Flag, Leaf } from '../../core/command.ts'
import { objectIdProblem } from '../../core/context.ts'
import { orgId, output, pages } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { column, rows, sentence } from '../../print/template.ts'
import { currentAddress } from '../current-address.ts'
import { deletion } from '../deletion.ts'
import { pageQuery } from '../pages.ts'

const apiKey: Flag = { name: 'apiKey', kind: 'text', required: true, usage: 'Identifier of the API key.' }

export const apiKeyAccessListCommands: readonly Leaf[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all access list entries of one API key.',
    role: 'Organization Member',
    args: [{ name: 'apiKeyID', usage: 'Identifier of the API key.', problem: objectIdProblem }],
    flags: [...pages, orgId, output],
    examples: [['List them as JSON:', 'organizations apiKeys accessLists list 5f4fe14da2b47835a58c63a2 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listOrgApiKeyAccessListEntries', {
        params: { orgId: await context.orgId(), apiUserId: context.arg('apiKeyID') },
        query: pageQuery(context),
      })
      await context.print(
        body,
        rows(column('IP ADDRESS', 'ipAddress'), column('CIDR BLOCK', 'cidrBlock'), column('CREATED AT', 'created')),
      )
    },
  },
  {
    word: 'create',
    short: 'Create access list entries of one API key.',
    role: 'Organization Owner',
    flags: [
      apiKey,
      { name: 'ip', kind: 'list', usage: 'IP addresses that it may call from.' },
      { name: 'cidr', kind: 'list', usage: 'CIDR blocks that it may call from.' },
      { name: 'currentIp', kind: 'switch', usage: 'Takes the address that this command comes from.' },
      orgId,
      output,
    ],
    examples: [
      [
        'Let it call from one network:',
        'organizations apiKeys accessLists create --apiKey 5f4fe14da2b47835a58c63a2 --cidr 192.0.2.0/24',
      ],
    ],
    async run(context) {
      const cidrs = context.list('cidr')
      if (cidrs.length === 0 && context.list('ip').length === 0 && !context.isOn('currentIp')) {
        throw new UsageError('either --ip, --cidr must be set')
      }
      const ips = [...context.list('ip'), ...(context.isOn('currentIp') ? [await currentAddress(context)] : [])]
      const { body } = await (await context.client()).call('createOrgApiKeyAccessListEntry', {
        params: { orgId: await context.orgId(), apiUserId: context.text('apiKey') },
        body: [...ips.map((ipAddress) => ({ ipAddress })), ...cidrs.map((cidrBlock) => ({ cidrBlock }))],
      })
      await context.print(
        body,
        sentence(() => 'Created new access list entry(s).'),
      )
    },
  },
  deletion({
    short: 'Remove one access list entry of one API key.',
    role: 'Organization Owner',
    arg: { name: 'entry', usage: 'IP address or CIDR block.' },
    flags: [apiKey, orgId],
    example: 'organizations apiKeys accessLists delete 192.0.2.1 --apiKey 5f4fe14da2b47835a58c63a2',
    declined: 'Access list entry not deleted',
    deleted: (name) => `Access list entry '${name}' deleted`,
    params: async (context, ipAddress) => ({
      orgId: await context.orgId(),
      apiUserId: context.text('apiKey'),
      ipAddress,
    }),
    call: (client, params) => client.call('deleteOrgApiKeyAccessListEntry', { params }),
  }),
]
