// `organizations serviceAccounts …` and `projects serviceAccounts …`: written once, over the operations of either. The
// Atlas CLI has no commands for them. A secret is shown once, when it is made.

import type { BodyInputOf, ReplyOf } from '@postern/contract/schemas/operations'
import { aliasesOf } from '../core/aliases.ts'
import type { Argument, Command, Flag, Leaf } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { output, pages } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { at, itemsOf, type Json, textAt } from '../print/json.ts'
import { column, row, rows, sentence } from '../print/template.ts'
import { currentAddress } from './current-address.ts'
import { deletion } from './deletion.ts'
import { atMostOne } from './flag-groups.ts'
import { pageQuery } from './pages.ts'

type Account = ReplyOf<'getOrgServiceAccount'>
type Made = Pick<BodyInputOf<'createOrgServiceAccount'>, 'name' | 'description' | 'secretExpiresAfterHours'>
type Changed = Pick<BodyInputOf<'updateOrgServiceAccount'>, 'name' | 'description'>
type Entries = BodyInputOf<'createOrgServiceAccountAccessList'>
type Query = ReturnType<typeof pageQuery>

/** The operations of an organization or of a project; each asks the context where. */
export interface ServiceAccounts {
  /** `organizations serviceAccounts`. */
  readonly commandLine: string
  /** `your organization`. */
  readonly whose: string
  readonly reader: string
  readonly owner: string
  /** Who may say from where it calls. */
  readonly accessManager: string
  readonly place: Flag
  readonly role: Flag
  readonly exampleRole: string
  readonly list: (context: Context, query: Query) => Promise<unknown>
  readonly get: (context: Context, clientId: string) => Promise<Account>
  readonly create: (context: Context, body: Made) => Promise<Account>
  /** With the roles of `--role` where there are some. */
  readonly update: (context: Context, clientId: string, body: Changed) => Promise<Account>
  readonly delete: (context: Context, clientId: string) => Promise<unknown>
  readonly createSecret: (context: Context, clientId: string, secretExpiresAfterHours: number) => Promise<unknown>
  readonly deleteSecret: (context: Context, clientId: string, secretId: string) => Promise<unknown>
  readonly listEntries: (context: Context, clientId: string, query: Query) => Promise<unknown>
  readonly createEntries: (context: Context, clientId: string, body: Entries) => Promise<unknown>
  readonly deleteEntry: (context: Context, clientId: string, ipAddress: string) => Promise<unknown>
}

const clientId: Argument = { name: 'clientId', usage: 'Client id of the service account, mdb_sa_id_….' }
const exampleId = 'mdb_sa_id_5f4fe14da2b47835a58c63a2'
const ofAccount: Flag = { name: 'clientId', kind: 'text', required: true, usage: clientId.usage }
const hours: Flag = {
  name: 'secretExpiresAfterHours',
  kind: 'number',
  default: '2160',
  usage: 'Hours after which the secret expires, a year at most.',
}
const secretCount = (account: Json): string => String(itemsOf(at(account, 'secrets')).length)
const columns = [
  column('CLIENT ID', 'clientId'),
  column('NAME', 'name'),
  column('ROLES', 'roles'),
  { header: 'SECRETS', cell: secretCount },
  column('DESCRIPTION', 'description'),
] as const
const hoursOf = (context: Context): number => context.number('secretExpiresAfterHours') ?? 0
const secretLines = (secret: Json): readonly string[] => [
  `Client Secret ${textAt(secret, 'secret')}`,
  `It is shown this once, and expires at ${textAt(secret, 'expiresAt')}.`,
]

export function serviceAccountCommands(accounts: ServiceAccounts): readonly Command[] {
  const { commandLine, whose, reader, owner, place, role } = accounts
  const name: Flag = { name: 'name', kind: 'text', usage: 'Name of the service account.' }
  const description: Flag = { name: 'desc', kind: 'text', usage: 'Description of the service account.' }
  return [
    {
      word: 'create',
      short: `Create a service account of ${whose}.`,
      long: 'Its secret is shown this once.',
      role: owner,
      args: [{ name: 'name', usage: 'Name of the service account.' }],
      flags: [{ ...description, required: true }, role, hours, place, output],
      examples: [
        ['Create one for a pipeline:', `${commandLine} create ci --desc pipeline --role ${accounts.exampleRole}`],
      ],
      async run(context) {
        const body = { name: context.arg('name'), description: context.text('desc') }
        const made = await accounts.create(context, { ...body, secretExpiresAfterHours: hoursOf(context) })
        await context.print(
          made,
          sentence((account) =>
            [
              `Service account '${textAt(account, 'name')}' created.`,
              `Client ID ${textAt(account, 'clientId')}`,
              ...itemsOf(at(account, 'secrets')).flatMap(secretLines),
            ].join('\n'),
          ),
        )
      },
    },
    {
      word: 'list',
      aliases: ['ls'],
      short: `Return all service accounts of ${whose}.`,
      role: reader,
      flags: [...pages, place, output],
      examples: [['List them as JSON:', `${commandLine} list --output json`]],
      run: async (context) => context.print(await accounts.list(context, pageQuery(context)), rows(...columns)),
    },
    {
      word: 'describe',
      aliases: ['get'],
      short: `Return one service account of ${whose}.`,
      role: reader,
      args: [clientId],
      flags: [place, output],
      examples: [['Show one as JSON, with its secrets masked:', `${commandLine} describe ${exampleId} --output json`]],
      run: async (context) => context.print(await accounts.get(context, context.arg('clientId')), row(...columns)),
    },
    {
      word: 'update',
      short: `Change one service account of ${whose}.`,
      long: 'Roles replace those that it has; what is not named stays.',
      role: owner,
      args: [clientId],
      flags: [name, description, { name: role.name, kind: role.kind, usage: role.usage }, place, output],
      examples: [['Give one another role:', `${commandLine} update ${exampleId} --role ${accounts.exampleRole}`]],
      async run(context) {
        const body = { name: context.optional('name'), description: context.optional('desc') }
        if (!['name', 'desc', 'role'].some((flag) => context.isSet(flag)))
          throw new UsageError('nothing to change: give at least one flag')
        await context.print(
          await accounts.update(context, context.arg('clientId'), body),
          sentence((account) => `Service account '${textAt(account, 'clientId')}' updated.`),
        )
      },
    },
    deletion({
      short: `Delete one service account of ${whose}.`,
      long: 'Its secrets and its tokens end with it.',
      role: owner,
      arg: clientId,
      flags: [place],
      example: `${commandLine} delete ${exampleId}`,
      declined: 'Service account not deleted',
      deleted: (id) => `Service account '${id}' deleted`,
      params: async (context, id) => ({ context, id }),
      call: (_, { context, id }) => accounts.delete(context, id),
    }),
    {
      word: 'secrets',
      aliases: aliasesOf('secrets'),
      short: 'Manage the secrets of a service account.',
      load: async () => secretCommands(accounts),
    },
    {
      word: 'accessLists',
      aliases: aliasesOf('accessLists'),
      short: 'Manage from which addresses a service account may call.',
      load: async () => entryCommands(accounts),
    },
  ]
}

const secretCommands = (accounts: ServiceAccounts): readonly Leaf[] => [
  {
    word: 'create',
    short: 'Create another secret of one service account.',
    long: 'It is shown this once. The one that there is stays until it is deleted or expires.',
    role: accounts.owner,
    flags: [ofAccount, hours, accounts.place, output],
    examples: [
      [
        'Create one for a month:',
        `${accounts.commandLine} secrets create --clientId ${exampleId} --secretExpiresAfterHours 720`,
      ],
    ],
    async run(context) {
      await context.print(
        await accounts.createSecret(context, context.text('clientId'), hoursOf(context)),
        sentence((secret) => [`Secret '${textAt(secret, 'id')}' created.`, ...secretLines(secret)].join('\n')),
      )
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all secrets of one service account, masked.',
    role: accounts.reader,
    flags: [ofAccount, accounts.place, output],
    examples: [['List them:', `${accounts.commandLine} secrets list --clientId ${exampleId}`]],
    async run(context) {
      const { secrets } = await accounts.get(context, context.text('clientId'))
      await context.print(
        secrets,
        rows(
          column('ID', 'id'),
          column('SECRET', 'maskedSecretValue'),
          column('CREATED AT', 'createdAt'),
          column('EXPIRES AT', 'expiresAt'),
          column('LAST USED AT', 'lastUsedAt'),
        ),
      )
    },
  },
  deletion({
    short: 'Delete one secret of one service account.',
    role: accounts.owner,
    arg: { name: 'secretId', usage: 'Identifier of the secret.' },
    flags: [ofAccount, accounts.place],
    example: `${accounts.commandLine} secrets delete 5f4fe14da2b47835a58c63a2 --clientId ${exampleId}`,
    declined: 'Secret not deleted',
    deleted: (id) => `Secret '${id}' deleted`,
    params: async (context, secretId) => ({ context, secretId }),
    call: (_, { context, secretId }) => accounts.deleteSecret(context, context.text('clientId'), secretId),
  }),
]

const entryColumns = [
  column('IP ADDRESS', 'ipAddress'),
  column('CIDR BLOCK', 'cidrBlock'),
  column('CREATED AT', 'createdAt'),
] as const

const entryCommands = (accounts: ServiceAccounts): readonly Leaf[] => [
  {
    word: 'create',
    short: 'Create access list entries of one service account.',
    role: accounts.accessManager,
    flags: [
      ofAccount,
      { name: 'ip', kind: 'list', usage: 'IP addresses that it may call from.' },
      { name: 'cidr', kind: 'list', usage: 'CIDR blocks that it may call from.' },
      { name: 'currentIp', kind: 'switch', usage: 'Takes the address that this command comes from.' },
      accounts.place,
      output,
    ],
    examples: [
      [
        'Let it call from one address:',
        `${accounts.commandLine} accessLists create --clientId ${exampleId} --ip 192.0.2.1`,
      ],
    ],
    async run(context) {
      atMostOne(context, 'currentIp', 'ip')
      const ips = context.isOn('currentIp') ? [await currentAddress(context)] : context.list('ip')
      const body = [
        ...ips.map((ipAddress) => ({ ipAddress })),
        ...context.list('cidr').map((cidrBlock) => ({ cidrBlock })),
      ]
      if (body.length === 0) throw new UsageError('no address: give --ip, --cidr or --currentIp')
      await context.print(
        await accounts.createEntries(context, context.text('clientId'), body),
        sentence(() => 'Created new access list entry(s).'),
      )
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all access list entries of one service account.',
    role: accounts.reader,
    flags: [ofAccount, ...pages, accounts.place, output],
    examples: [['List them:', `${accounts.commandLine} accessLists list --clientId ${exampleId}`]],
    async run(context) {
      const found = await accounts.listEntries(context, context.text('clientId'), pageQuery(context))
      await context.print(found, rows(...entryColumns))
    },
  },
  deletion({
    short: 'Delete one access list entry of one service account.',
    role: accounts.accessManager,
    arg: { name: 'entry', usage: 'IP address or CIDR block.' },
    flags: [ofAccount, accounts.place],
    example: `${accounts.commandLine} accessLists delete 192.0.2.1 --clientId ${exampleId}`,
    declined: 'Access list entry not deleted',
    deleted: (entry) => `Access list entry '${entry}' deleted`,
    params: async (context, entry) => ({ context, entry }),
    call: (_, { context, entry }) => accounts.deleteEntry(context, context.text('clientId'), entry),
  }),
]
